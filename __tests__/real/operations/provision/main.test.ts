import { provision } from '../../../../operations/provision/main';
import type { CommandResult } from '../../../../operations/provision/server';
import { settingsFor } from '../../../unit/operations/provision/fixtures';

const PASSWORD = 'a password of some length';
const refused: CommandResult = { exitCode: 1, stdout: '', stderr: 'ERROR 1045 (28000): Access denied' };
const serving: CommandResult = { exitCode: 0, stdout: '0\n', stderr: '' };
const temporary: CommandResult = { exitCode: 0, stdout: '1\n', stderr: '' };

async function run(env: NodeJS.ProcessEnv, args: string[], results: CommandResult[] = []) {
  const out: string[] = [];
  const err: string[] = [];
  let commands = 0;
  const status = await provision({
    arguments: args,
    env,
    print: (line) => out.push(line),
    printError: (line) => err.push(line),
    execute: async () => {
      commands += 1;
      return results.shift() ?? { exitCode: 0, stdout: '', stderr: '' };
    },
  });
  return { status, out: out.join('\n'), err: err.join('\n'), commands };
}

const env = (deadlineSeconds: number) => ({
  PROVISION: JSON.stringify({ ...settingsFor(PASSWORD), deadlineSeconds }),
  TF_VAR_db_password: PASSWORD,
});

test.each([
  ['nothing set', {}, ['prepare'], /PROVISION is not set\nusage: /],
  ['an unknown phase', env(0), ['begin'], /the phase is "begin"\nusage: /],
  ['an argument too many', env(0), ['prepare', 'now'], /^provision: usage: /],
  [
    'no password',
    { PROVISION: env(0).PROVISION },
    ['prepare'],
    /TF_VAR_db_password is not in the environment/,
  ],
])(
  'called with %s it explains itself, ends with 2 and runs no command',
  async (_name, environment, args, message) => {
    const { status, err, commands } = await run(environment, args);
    expect(err).toMatch(message);
    expect({ status, commands }).toEqual({ status: 2, commands: 0 });
  },
);

test('waits through the temporary server of a first start', async () => {
  const { status, commands } = await run(env(60), ['finish'], [refused, temporary, serving]);
  // Three questions whether it serves, and one for the account, which is not there.
  expect({ status, commands }).toEqual({ status: 1, commands: 4 });
});

test('gives up at the deadline, with a word on the init file', async () => {
  const { status, err } = await run(env(0), ['prepare'], [refused]);
  expect(status).toBe(1);
  expect(err).toMatch(/^provision: MariaDB: ERROR 1045 .*\n.*--init-file\?$/);
});

test('a daemon that is not there is told in words', async () => {
  const err: string[] = [];
  const status = await provision({
    arguments: ['prepare'],
    env: env(0),
    print: () => {},
    printError: (line) => err.push(line),
  });
  expect(status).toBe(1);
  expect(err.join('\n')).toMatch(
    /^provision: the Docker daemon at unix:\/\/\/nonexistent\.sock does not run\n/,
  );
});
