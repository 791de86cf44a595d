import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stepScript } from '../../../../constructs/host/scripts';
import { FakeServer } from '../../../support/programs/fake-server';

const SETTINGS = { HOST_SWAP_MIB: 0 };

/** A session of a user who is not root, with a sudo that does what one is let to. */
function session(server: FakeServer, sudo: string) {
  const bin = join(server.folder, 'user');
  const program = (name: string, text: string) =>
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  spawnSync('mkdir', ['-p', bin]);
  program('id', 'case $1 in -u) echo 1000 ;; *) echo deploy ;; esac');
  const root = Object.entries(server.environment).map(([name, value]) => `${name}='${value}'`);
  program('sudo', `echo "$*" >> ${join(server.folder, 'sudo')}\n${sudo.replace('ROOT', root.join(' '))}`);
  return spawnSync('sh', ['-s'], {
    input: stepScript({ step: 'swap', settings: SETTINGS }),
    encoding: 'utf8',
    // Where a user writes is not where root reads.
    env: { PATH: `${bin}:${server.environment.PATH}`, TMPDIR: '/nowhere', SSH_CONNECTION: '1 2 3 22' },
  });
}

test('all that root runs, root has written, in a folder of its own that is gone after it', () => {
  const server = new FakeServer();
  try {
    const { status, stdout, stderr } = session(
      server,
      '[ "$2" != true ] || exit 0; shift; exec /usr/bin/env -i ROOT "$@"',
    );
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: 'ok swap: none is wanted\n',
      stderr: '',
    });
    expect(readFileSync(join(server.folder, 'sudo'), 'utf8')).toBe(
      '-n true\n-n env HOST_CHECK= HOST_SSH_CONNECTION=1 2 3 22 sh -s\n',
    );
    expect(Object.keys(server.files()).filter((name) => name.startsWith('run/'))).toEqual([]);
  } finally {
    server.remove();
  }
});

test('a user who may not become root is told how to be let', () => {
  const server = new FakeServer();
  try {
    const { status, stderr } = session(server, 'exit 1');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^failed swap: deploy may not use sudo without a password\n {2}let it, /);
  } finally {
    server.remove();
  }
});
