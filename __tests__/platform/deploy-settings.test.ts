import { readStack } from '../../operations/deploy/synthesized';
import { platform } from '../../services.config';
import { Workplace } from '../support/platform';

const workplace = new Workplace();
afterAll(() => workplace.remove());

test('what a deploy as a whole needs to know is in the stack, where Terraform does not look', () => {
  const { outdir } = workplace.synth({ ...platform, onFailure: 'put-back', probe: { paths: ['/users'] } });
  expect(readStack(outdir).settings).toEqual({
    onFailure: 'put-back',
    probe: { paths: ['/users'] },
    selfSigned: true,
    serverName: platform.serverName,
    stateful: ['mariadb', 'kafka'],
    // __tests__/secrets.test.ts looks into them.
    secrets: Object.keys(platform.secrets).map((name) => expect.objectContaining({ name })),
    commands: {},
  });
});
