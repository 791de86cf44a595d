import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { type Places, sharedSsh, socketIn } from '../../../contract/shared-ssh';

// Short, whatever this machine's folder for temporary files is.
const root = mkdtempSync('/tmp/share-');
const { uid } = userInfo();
afterAll(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
function places(home: string, withSsh = true): Places {
  const tmp = join(root, String(count++));
  mkdirSync(tmp);
  if (withSsh) mkdirSync(join(home, '.ssh'), { recursive: true });
  return { home, uid, tmp };
}
/** A home whose name has so many letters. */
const home = (letters: number): string => {
  const name = join(root, `${count++}-`).padEnd(letters, 'h');
  expect(name).toHaveLength(letters);
  return name;
};
const pathOf = (where: Places): string | undefined =>
  sharedSsh(where)
    .find((option) => option.startsWith('ControlPath='))
    ?.replace('ControlPath=', '');

test('the socket lies in ~/.ssh where a socket’s path may be that long', () => {
  expect(pathOf(places(home(34)))).toBe('~/.ssh/swarm-%C');
});

test.each([35, 39, 80])(
  'a home of %i letters is too long for it: a short folder of the user’s own',
  (letters) => {
    const where = places(home(letters));
    expect(pathOf(where)).toBe(join(where.tmp, 'swarm-ssh-%i/%C'));
    expect(lstatSync(join(where.tmp, `swarm-ssh-${uid}`)).mode & 0o777).toBe(0o700);
  },
);

test('a ~/.ssh that is not there is as good as one that is too deep', () => {
  const where = places(home(30), false);
  expect(pathOf(where)).toBe(join(where.tmp, 'swarm-ssh-%i/%C'));
});

test('a short folder that is open to others, leads elsewhere or is somebody else’s is not used, and nothing is shared', () => {
  const open = places(home(50));
  mkdirSync(join(open.tmp, `swarm-ssh-${uid}`));
  chmodSync(join(open.tmp, `swarm-ssh-${uid}`), 0o755);
  const link = places(home(50));
  symlinkSync(root, join(link.tmp, `swarm-ssh-${uid}`));
  const strange = { ...places(home(50)), uid: uid + 1 };
  for (const where of [open, link, strange]) expect(sharedSsh(where)).toEqual([]);
});

test('a user whom the system does not know shares nothing', () => {
  const tmp = join(root, 'nobody');
  expect(sharedSsh({ home: home(50), uid, tmp: `/proc/${tmp}` })).toEqual([]);
});

test('a folder of one’s own is taken where it is short enough', () => {
  const where = places(home(30));
  expect(socketIn('/w/temp', '%C', 'x', where)).toBe('/w/temp/%C');
  expect(socketIn(`/w/${'deep/'.repeat(15)}`, 'agent', 'agent-7', where)).toBe(
    `/w/${'deep/'.repeat(15)}agent`,
  );
  const deep = `/w/${'deep/'.repeat(20)}`;
  expect(socketIn(deep, 'agent', 'agent-7', where)).toBe(join(where.tmp, `swarm-ssh-${uid}/agent-7`));
});
