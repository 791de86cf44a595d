import { read } from '../../../../cli/run/backup-drill';
import { backupDrill } from '../../../../cli/verbs/backup';
import { runDrill } from '../../../../operations/backup/main';
import { callOf } from '../../../support/cli/call';
import { SETTINGS } from '../../operations/backup/fixtures';

const typed = (...args: string[]) => callOf(backupDrill, args, {});

test('nothing is started that was not asked for', () => {
  expect(read(typed())).toEqual({ start: [], paths: [] });
  expect(read(typed('--start', 'users', '--start', 'mail', '--path', '/users?all=1'))).toEqual({
    start: ['users', 'mail'],
    paths: ['/users?all=1'],
  });
});

test.each(['users', "/a'b", '/a b'])('a path that is none is refused: %s', (path) => {
  expect(() => read(typed('--start', 'users', '--path', path))).toThrow(/--path is .*\nwrite it as in a URL/);
});

test('a path of nobody is refused', () => {
  const options = {
    ...read(typed('--path', '/users')),
    target: { host: 'unix:///nothing', sshOptions: [], publicHost: 'nothing' },
    stack: 'shop',
    settings: SETTINGS,
    json: false,
  };
  expect(() => runDrill(options, {})).toThrow(/nothing is started\nname an application: --start/);
});
