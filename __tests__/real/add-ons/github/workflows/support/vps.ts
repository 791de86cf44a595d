import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../../../../../support/programs/loopback';
import type { FakeDaemon } from '../../../../../unit/operations/docker/fake-daemon';

/** Undefined where there is none: what needs it is skipped, and says so. */
export const SSHD = ['/usr/sbin/sshd', '/usr/local/sbin/sshd'].find(existsSync);

/** A real ssh server on loopback, whose users reach a stand-in of Docker and nothing else. */
export interface Vps {
  /** As GitHub has them. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly port: number;
  /** Whether Docker is installed. */
  docker(there: boolean): void;
  /** What the server said. */
  log(): string;
  stop(): Promise<void>;
}

if (!SSHD)
  process.stderr.write('\n!!! SKIPPED: jobs that log in, for want of sshd (apt install openssh-server)\n\n');

/** For tests that need the server. */
export const onServer: typeof test = SSHD ? test : (test.skip as typeof test);

/** @throws where there is no ssh server to start */
export async function startVps(daemon?: FakeDaemon): Promise<Vps> {
  const folder = mkdtempSync(join(tmpdir(), 'vps-'));
  const at = (name: string) => join(folder, name);
  for (const name of ['host_key', 'client_key']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', at(name)]);
  }
  const [port] = (await freePorts(1)) as [number];
  const docker = (there: boolean) =>
    writeFileSync(at('docker'), forcedCommand(there ? daemon : undefined), { mode: 0o755 });
  docker(daemon !== undefined);
  writeFileSync(at('sshd_config'), configuration(folder, port));
  const server = start(at('sshd_config'));
  let said = '';
  server.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const until = Date.now() + 60_000;
  while (!(await answers(port))) {
    if (Date.now() > until || server.exitCode !== null) throw new Error(`sshd does not start: ${said}`);
    await sleep(50);
  }
  return {
    port,
    docker,
    secrets: {
      VPS_HOST: '127.0.0.1',
      VPS_USER: userInfo().username,
      VPS_PORT: String(port),
      VPS_SSH_KEY: readFileSync(at('client_key'), 'utf8'),
      VPS_KNOWN_HOSTS: `[127.0.0.1]:${port} ${readFileSync(at('host_key.pub'), 'utf8')}`,
    },
    log: () => said,
    stop: async () => {
      const ended = new Promise((done) => server.once('close', done));
      server.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const forcedCommand = (daemon?: FakeDaemon) => `#!/bin/sh
case "$SSH_ORIGINAL_COMMAND" in
true) exit 0 ;;
'docker system dial-stdio') ${daemon ? `exec '${process.execPath}' '${daemon.sshFolder}/bridge.js'` : `echo 'sh: 1: docker: not found' >&2; exit 127`} ;;
*) echo "not for this test: $SSH_ORIGINAL_COMMAND" >&2; exit 1 ;;
esac
`;

const isRoot = process.getuid?.() === 0;

const configuration = (folder: string, port: number) => `ListenAddress 127.0.0.1:${port}
HostKey ${join(folder, 'host_key')}
AuthorizedKeysFile ${join(folder, 'client_key.pub')}
PidFile none
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
# Root is often locked for passwords, which without PAM locks keys out, too.
UsePAM ${isRoot ? 'yes' : 'no'}
StrictModes no
ForceCommand ${join(folder, 'docker')}
`;

/** Root's server insists on /run/sshd; in a mount namespace it can have one that is not this machine's. */
function start(config: string): ChildProcess {
  const server = `exec ${SSHD} -D -e -f '${config}'`;
  const cell = `mount -t tmpfs -o mode=755 test-run /run && mkdir /run/sshd && ${server}`;
  const [command, ...args] = isRoot ? ['unshare', '--mount', 'sh', '-c', cell] : ['sh', '-c', server];
  return spawn(command!, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}
