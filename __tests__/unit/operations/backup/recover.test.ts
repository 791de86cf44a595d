import { runRecover } from '../../../../operations/backup/recover';
import { SETTINGS } from './fixtures';

const options = {
  target: { host: 'unix:///nothing', sshOptions: [], publicHost: 'nothing' },
  stack: 'shop',
  settings: SETTINGS,
  json: false,
};

test('first brings up what has the data and the backup alone, and ends with what it could not', async () => {
  const asked: (readonly string[] | undefined)[] = [];
  const silence = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const deploy = async (only?: readonly string[]) => {
    asked.push(only);
    return 3;
  };
  const code = await runRecover(options, { deploy, env: {} }).finally(() => silence.mockRestore());
  expect(code).toBe(3);
  expect(asked).toEqual([['null_resource.backup_rollout', 'null_resource.mariadb_data']]);
});

test('without backups there is nothing that could come back', async () => {
  const deploy = async () => 0;
  await expect(runRecover({ ...options, settings: undefined }, { deploy, env: {} })).rejects.toThrow(
    /^this environment has no backups/,
  );
});
