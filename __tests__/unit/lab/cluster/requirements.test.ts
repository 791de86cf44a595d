import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DISK_GIBIBYTES, judgeMachine, type Machine } from '../../../../lab/cluster/requirements';
import { hasCommand } from '../../../../lab/ground/packages';

const good: Machine = { platform: 'linux', uid: 0, freeGibibytes: DISK_GIBIBYTES, mayUnshare: true };

test('a Linux machine with root, room and namespaces will do', () => {
  expect(() => judgeMachine(good, '/srv/lab')).not.toThrow();
});

test.each<[string, Partial<Machine>, RegExp]>([
  ['another system', { platform: 'darwin' }, /runs on Linux, this is darwin\n {2}use/],
  ['no root', { uid: 1000 }, /needs root .*\n {2}run it with sudo/],
  ['a container without privileges', { mayUnshare: false }, /namespaces and mounts\n {2}use a whole/],
  ['a full disk', { freeGibibytes: 1.26 }, /has 1\.3 GiB left, the lab needs \d+\n {2}make room/],
])('stops on %s with what to do', (_, lack, message) => {
  expect(() => judgeMachine({ ...good, ...lack }, '/srv/lab')).toThrow(message);
});

test.each(['/srv/my lab', "/srv/o'hara", `/srv/${'a'.repeat(90)}`])(
  'refuses the folder %s, in which a socket or a script would fail',
  (dir) => {
    expect(() => judgeMachine(good, dir)).toThrow(/LAB_DIR=/);
  },
);

test('a command counts when it can be run, not when a file has its name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lab-'));
  const file = join(folder, 'lab-test-command');
  writeFileSync(file, '', { mode: 0o644 });
  expect(hasCommand('lab-test-command', folder)).toBe(false);
  chmodSync(file, 0o755);
  expect(hasCommand('lab-test-command', folder)).toBe(true);
  rmSync(folder, { recursive: true });
});
