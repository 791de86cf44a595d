import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './loopback';

const PROGRAM = '/usr/sbin/sshd';
const { uid, username } = userInfo();

/** Whether this machine has what a real server takes. */
export const HAS_SSHD = process.platform === 'linux' && existsSync(PROGRAM);

/** A real sshd on loopback, with a `docker` of the test's own behind it, and what ssh needs to get there. */
export class RealSshd {
  // Short, since sockets lie in it.
  readonly folder = mkdtempSync('/tmp/sshd-');
  port = 0;
  private server: ChildProcess | undefined;

  at = (name: string): string => join(this.folder, name);

  /** @param settings lines of sshd_config, which come before its own: the first one holds */
  async start(settings = ''): Promise<this> {
    [this.port] = (await freePorts(1)) as [number];
    for (const name of ['host_key', 'other_host_key', 'key', 'strange_key'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', this.at(name)]);
    for (const [known, key] of [
      ['known', 'host_key'],
      ['changed', 'other_host_key'],
    ] as const)
      writeFileSync(
        this.at(known),
        `[127.0.0.1]:${this.port} ${readFileSync(this.at(`${key}.pub`), 'utf8')}`,
      );
    mkdirSync(this.at('bin'));
    this.docker('exit 1');
    writeFileSync(
      this.at('sshd_config'),
      `${settings}
ListenAddress 127.0.0.1:${this.port}
HostKey ${this.at('host_key')}
AuthorizedKeysFile ${this.at('key.pub')}
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
SetEnv PATH=${this.at('bin')}:/usr/bin:/bin
`,
    );
    await this.run();
    return this;
  }

  /** What the server's `docker` does, in words of a shell. */
  docker(script: string): void {
    writeFileSync(this.at('bin/docker'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    chmodSync(this.at('bin/docker'), 0o755);
  }

  /** Options of ssh that read nothing of the user's. */
  options(more: { readonly key?: string; readonly known?: string } = {}): string[] {
    return [
      ...[
        '-F',
        'none',
        '-i',
        this.at(more.key ?? 'key'),
        '-o',
        'IdentitiesOnly=yes',
        '-o',
        'IdentityAgent=none',
      ],
      ...[
        '-o',
        `UserKnownHostsFile=${this.at(more.known ?? 'known')}`,
        '-o',
        'GlobalKnownHostsFile=/dev/null',
      ],
      ...['-o', 'StrictHostKeyChecking=yes', '-o', 'UpdateHostKeys=no'],
    ];
  }

  sharing(name = '%C'): string[] {
    return ['-o', 'ControlMaster=auto', '-o', `ControlPath=${this.at(name)}`, '-o', 'ControlPersist=20'];
  }

  url = (user = username): string => `ssh://${user}@127.0.0.1:${this.port}`;

  /** Ends a connection that `sharing` left behind. */
  stopSharing(name = '%C'): void {
    try {
      const control = ['-o', `ControlPath=${this.at(name)}`, '-O', 'exit'];
      execFileSync('ssh', ['-F', 'none', ...control, '-l', username, '-p', String(this.port), '127.0.0.1'], {
        stdio: 'ignore',
        timeout: 5_000,
      });
    } catch {
      // There is none.
    }
  }

  stop(): void {
    this.stopSharing();
    this.server?.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async run(): Promise<void> {
    const server = [PROGRAM, '-D', '-e', '-f', this.at('sshd_config')];
    // Root's sshd insists on /run/sshd: it gets one that is not this machine's.
    const own = `mount -t tmpfs -o mode=755 own /run && mkdir /run/sshd && exec ${server.join(' ')}`;
    const [program, ...args] = uid === 0 ? ['unshare', '--mount', '/bin/sh', '-c', own] : server;
    this.server = spawn(program!, args, { stdio: 'ignore' });
    for (let tries = 0; !(await this.listens()); tries++) {
      if (tries === 100) throw new Error('sshd does not start');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private listens(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = createConnection(this.port, '127.0.0.1');
      socket
        .once('error', () => resolve(false))
        .once('data', () => {
          socket.destroy();
          resolve(true);
        });
    });
  }
}
