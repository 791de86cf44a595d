import { platform } from '../../../../services.config';
import { Workplace } from '../../../support/platform/platform';

const workplace = new Workplace();
afterAll(() => workplace.remove());

const locals = (environment: string, secretSalts: Record<string, string>) =>
  JSON.stringify(workplace.synth(platform, environment, undefined, { secretSalts }).json.locals);

test('an environment that lost its state names all its secrets anew; the others keep their names', () => {
  const salts = { staging: '2' };
  expect(locals('production', salts)).toBe(locals('production', {}));
  const staging = locals('staging', salts);
  expect(staging.match(/sha256\(/g)).toHaveLength(Object.keys(platform.secrets).length);
  expect(staging.match(/sha256\(\\"proctorwise-staging\/\w+\/2\/\$/g)).toHaveLength(
    Object.keys(platform.secrets).length,
  );
});
