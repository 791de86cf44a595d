import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatherUpkeep } from '../../../../operations/status/upkeep';

const LINUX = process.platform === 'linux' ? test : test.skip;
const { PATH, HOST_ROOT } = process.env;
const folder = mkdtempSync(join(tmpdir(), 'upkeep-'));
const program = (name: string, text: string) =>
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
const SSHD = 'port 22\npasswordauthentication yes\nkbdinteractiveauthentication no';

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'run'), { recursive: true });
  process.env.PATH = `${folder}:${PATH}`;
  process.env.HOST_ROOT = folder;
  // The login shell gets one line, as sshd gives it.
  program('ssh', 'while [ "$1" != -- ]; do shift; done\nshift 2\nexec sh -c "$*"');
  program('apt-get', 'exit 0');
  program('sshd', 'exit 1');
  program('sudo', `echo "$*" >> ${folder}/asked\nshift\nexec "$@"`);
  program('id', 'case $1 in -u) echo 0 ;; *) echo root ;; esac');
});
afterEach(() => {
  process.env.PATH = PATH;
  if (HOST_ROOT === undefined) delete process.env.HOST_ROOT;
  else process.env.HOST_ROOT = HOST_ROOT;
});
afterAll(() => rmSync(folder, { recursive: true }));

const gather = () => gatherUpkeep({ host: 'ssh://deploy@vps:22', sshOptions: [] }, 'vps');
const NONE = { reboot: false, passwords: false, updates: [] };

LINUX('a server that waits for nothing', async () => {
  expect(await gather()).toEqual(NONE);
});

LINUX('a reboot, updates of Docker and passwords are seen', async () => {
  writeFileSync(join(folder, 'run/reboot-required'), '');
  // As apt prints it on Debian 13.
  program(
    'apt-get',
    `cat << 'SAID'
Inst libc6 [2.41-12] (2.41-13 Debian:13.2/stable [amd64])
Inst runc [1.1.15+ds1-2] (1.1.15+ds1-3 Debian-Security:13/stable-security [amd64])
Inst docker.io [26.1.5+dfsg1-9+b9] (26.1.5+dfsg1-9+b11 Debian:13.2/stable [amd64])
Conf docker.io (26.1.5+dfsg1-9+b11 Debian:13.2/stable [amd64])
SAID`,
  );
  program('sshd', `echo "${SSHD}"`);
  expect(await gather()).toEqual({
    reboot: true,
    passwords: true,
    updates: ['runc 1.1.15+ds1-3', 'docker.io 26.1.5+dfsg1-9+b11'],
  });
});

LINUX('of a user who is not root sudo is asked only where a group has it', async () => {
  program('sshd', `echo "${SSHD}"`);
  program('id', 'case $1 in -u) echo 1000 ;; *) echo deploy docker ;; esac');
  program('sudo', `touch ${folder}/reported; exit 1`);
  expect(await gather()).toEqual(NONE);
  program('id', 'case $1 in -u) echo 1000 ;; *) echo deploy sudo docker ;; esac');
  program('sudo', `[ "$*" = "-n sshd -T" ] && echo "${SSHD}"`);
  expect(await gather()).toEqual({ ...NONE, passwords: true });
});

LINUX('without a shell there, and of another machine than this, nothing is told', async () => {
  program('ssh', 'exit 1');
  expect(await gather()).toBeUndefined();
  const local = { host: 'unix:///run/docker.sock', sshOptions: [] };
  expect(await gatherUpkeep(local, 'another')).toBeUndefined();
  expect(await gatherUpkeep(local, hostname())).toEqual(NONE);
});
