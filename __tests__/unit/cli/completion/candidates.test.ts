import { candidates } from '../../../../cli/completion/candidates';

const NAMES = {
  environment: ['production', 'staging'],
  service: ['userservice', 'examservice'],
  secret: ['db_password', 'jwt_secret_key'],
};
const after = (...words: string[]) => candidates(words, async () => NAMES);

test.each<[string[], string[]]>([
  [['sta'], ['state', 'status']],
  [
    ['state', ''],
    ['doctor', 'recover'],
  ],
  [
    ['help', 'ro'],
    ['rollback', 'rollout'],
  ],
  [
    ['help', 'state', ''],
    ['doctor', 'recover'],
  ],
  [['deploy', '--s'], ['--skip-preflight']],
  [
    ['deploy', '--environment', ''],
    ['production', 'staging'],
  ],
  [['deploy', '--environment', '=', 's'], ['staging']],
  [
    ['deploy', '--environment', '='],
    ['production', 'staging'],
  ],
  [['deploy', '--environment=s'], ['--environment=staging']],
  [['secrets', '--generate', 'j'], ['jwt_secret_key']],
  [
    ['rollback', '--yes', ''],
    ['examservice', 'userservice'],
  ],
  [['rollback', 'userservice', ''], ['examservice']],
  [['rollback', '--stack', 'shop', 'u'], ['userservice']],
  [
    ['completion', ''],
    ['bash', 'fish', 'zsh'],
  ],
  [['provision', 'p'], ['prepare']],
  [['plan', '--markdown', ''], []],
  [['plan', ''], []],
  [['xyzzy', ''], []],
])('after %j come %j', async (words, expected) => {
  expect(await after(...words)).toEqual(expected);
});

test('the catalogue is read only where one of its names fits', async () => {
  const unread = async () => {
    throw new Error('read');
  };
  expect(await candidates(['de'], unread)).toEqual(['deploy']);
  expect(await candidates(['deploy', '--y'], unread)).toEqual(['--yes']);
});
