import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { sshOfTheSystem } from '../../../../lab/cluster/sshd';

const root = mkdtempSync(join(tmpdir(), 'lab-ssh-'));
afterAll(() => rmSync(root, { recursive: true }));

const program = (name: string, text: string, mode = 0o755): string => {
  const folder = join(root, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'ssh'), text);
  chmodSync(join(folder, 'ssh'), mode);
  return folder;
};
const pathOf = (...folders: string[]) => folders.join(delimiter);

test('in a terminal that a lab was sourced into, the ssh behind the lab’s own is meant', () => {
  const own = program('own', '#!/bin/sh\n# Made by the lab.\nexec /usr/bin/ssh -F /a/.lab/ssh/config "$@"\n');
  const older = program('older', '#!/bin/sh\nexec /usr/bin/ssh -F /b/.lab/ssh/config "$@"\n');
  const closed = program('closed', '', 0o644);
  const users = program('users', '#!/bin/sh\nexec /usr/bin/ssh -F /home/me/.ssh/config -v "$@"\n');
  const found = sshOfTheSystem(pathOf(own, join(root, 'none'), older, closed, users, '/usr/bin'));
  expect(found).toBe(join(users, 'ssh'));
});

test('no ssh at all is said', () => {
  expect(() => sshOfTheSystem(join(root, 'none'))).toThrow(/^there is no ssh in PATH\n {2}apt-get/);
});
