import { read } from '../../../../cli/run/backup-restore';
import { backupRestore } from '../../../../cli/verbs/backup';
import { runRestore } from '../../../../operations/backup/restore/main';
import { callOf } from '../../../support/cli/call';
import { SETTINGS } from '../../operations/backup/fixtures';

const typed = (...args: string[]) => callOf(backupRestore, args, {});

test('the default is beside what is in use, after no question', () => {
  expect(read(typed())).toEqual({
    at: undefined,
    snapshot: undefined,
    into: 'scratch',
    databases: [],
    volumes: [],
    of: undefined,
    discard: false,
    freshBackup: true,
  });
});

test.each([
  [['--at', 'yesterday'], /--at is "yesterday"\nwrite date, time and zone/],
  [['--at', '2026-11-27T09:30:00'], /--at/],
  [['--at', '2026-11-27T09:30:00Z', '--snapshot', 'aaaa'], /say two things/],
])('%j is refused', (args, message) => {
  expect(() => read(typed(...args))).toThrow(message);
});

test('data is replaced by the name of its platform only', () => {
  const options = {
    ...read(typed('--into', 'platform')),
    target: { host: 'unix:///nothing', sshOptions: [], publicHost: 'nothing' },
    stack: 'shop',
    settings: SETTINGS,
    json: false,
  };
  expect(() => runRestore(options, {})).toThrow(
    /--into is "platform"\nname scratch, or the platform whose data is to be replaced: --into shop/,
  );
});
