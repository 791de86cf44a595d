import { derivedIn } from '../../../../cli/catalogue/derived';
import { readStack } from '../../../../operations/stack/synthesized';
import { platform } from '../../../../services.config';
import { Workplace } from '../../../support/platform/platform';

const workplace = new Workplace();
afterAll(() => workplace.remove());

test('the command line knows the same as the synthesized stack of what is made from secrets', () => {
  const { outdir } = workplace.synth(platform, 'lab', { VPS_HOST: '203.0.113.10', VPS_USER: 'deploy' });
  const { derived = [] } = readStack(outdir);
  expect(derived.length).toBeGreaterThan(0);
  expect(new Set(derivedIn('lab', 'proctorwise'))).toEqual(new Set(derived));
});

test('in another namespace it is made otherwise', () => {
  expect(derivedIn('lab', 'shop')[0]?.derivation).toMatch(/^shop\/mariadb\/\w+\/account\/$/);
});
