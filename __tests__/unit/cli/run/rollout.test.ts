import { read } from '../../../../cli/run/rollout';
import { rollout } from '../../../../cli/verbs/rollout';
import type { Shell } from '../../../../contract/shell';
import { UsageError } from '../../../../operations/terminal/usage-error';
import { callOf } from '../../../support/cli/call';

const parseArguments = (args: readonly string[], shell: Shell) => read(callOf(rollout, args, shell), {});

test('takes the host from the command line, then DOCKER_HOST, then Terraform’s server, then the local socket', () => {
  expect(parseArguments(['web', '--host', 'ssh://a'], { DOCKER_HOST: 'ssh://b' }).host).toBe('ssh://a');
  expect(parseArguments(['web'], { DOCKER_HOST: 'ssh://b' }).host).toBe('ssh://b');
  const vps = { VPS_HOST: '203.0.113.10', VPS_USER: 'deploy' };
  expect(parseArguments(['web'], vps).host).toBe('ssh://deploy@203.0.113.10:22');
  expect(parseArguments(['web'], {}).host).toBe('unix:///var/run/docker.sock');
});

test('reads options anywhere, in both spellings, and times with their unit', () => {
  const args = [
    '--json',
    'web',
    '--deadline=2m',
    '--observe',
    '45s',
    '--ssh-option=-i',
    '--ssh-option=key',
    'shop',
  ];
  expect(parseArguments(args, {})).toMatchObject({
    json: true,
    rollBack: false,
    deadlineSeconds: 120,
    observeSeconds: 45,
    sshOptions: ['-i', 'key'],
    names: ['web', 'shop'],
  });
});

test.each([[[]], [['--host']], [['--colour', 'web']], [['web', '--deadline', 'soon']]])(
  'refuses %j',
  (args) => {
    expect(() => parseArguments(args, {})).toThrow(UsageError);
  },
);
