import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The folder of scripts as it is in the project. */
export const SCRIPTS = resolve(__dirname, '../../../constructs/assets/host');

/** Programs that a server has and that do here what they do there. */
const REAL =
  'awk basename cat chmod scp cp cut date dirname env flock setsid grep head jq ln ls mkdir mktemp mv paste ps readlink rm sed sha256sum sleep sort tail tee touch tr wc'.split(
    ' ',
  );

const STAND_INS =
  'apt-cache apt-get chown curl dd df dpkg dpkg-query fallocate gpg id install ip mkswap nft sshd stat swapon sysctl systemctl usermod'.split(
    ' ',
  );

/** What `apt-cache madison docker-ce` says of Docker's own repository. */
const MADISON = ['5:29.1.2-1~debian.13~trixie', '5:28.5.2-1~debian.13~trixie', '5:28.5.1-1~debian.13~trixie']
  .map(
    (version) =>
      ` docker-ce | ${version} | https://download.docker.com/linux/debian trixie/stable amd64 Packages\n`,
  )
  .join('');

const which = (name: string): string =>
  spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name], { encoding: 'utf8' }).stdout.trim();

export interface ServerRun {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  /** Lines of one kind: `ok`, `differs`, `changes`, `note`, `failed`. */
  lines(kind: string): string[];
}

/** A bare server in a folder: its files under `root`, its programs in small (`server-command.sh`). */
export class FakeServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'server-'));
  readonly root = join(this.folder, 'root');
  readonly state = join(this.folder, 'state');

  /** @param shell what `sh` is on it */
  constructor(shell: readonly string[] = ['dash']) {
    for (const name of ['bin', 'enabled', 'active', 'sysctl'])
      mkdirSync(join(this.state, name), { recursive: true });
    const command = join(this.state, 'command.sh');
    copyFileSync(join(__dirname, 'server-command.sh'), command);
    chmodSync(command, 0o755);
    for (const name of STAND_INS) symlinkSync(command, join(this.state, 'bin', name));
    for (const name of REAL) {
      const path = which(name);
      if (path.startsWith('/')) symlinkSync(path, join(this.state, 'bin', name));
    }
    const program = which(shell[0]!) || which('sh');
    const wrapper = [program, ...shell.slice(1)].join(' ');
    writeFileSync(join(this.state, 'bin', 'sh'), `#!/bin/sh\nexec ${wrapper} "$@"\n`, { mode: 0o755 });
    this.says({
      calls: '',
      changes: '',
      packages: '',
      groups: 'deploy\n',
      sshd: 'port 22\n',
      free: '50000000\n',
      swarm: 'inactive false\n',
      version: '26.1.5+dfsg1\n',
      owner: 'root\n',
      madison: MADISON,
      fingerprint: '9DC858229FC7DD38854AE2D88D81803C0EBFCD88',
      'sysctl/vm.max_map_count': '65530\n',
      'sysctl/fs.aio-max-nr': '65536\n',
      'sysctl/vm.swappiness': '60\n',
    });
    mkdirSync(join(this.root, 'run'), { recursive: true });
    this.write('etc/os-release', 'ID=debian\nVERSION_ID="13"\nVERSION_CODENAME=trixie\n');
    this.write('etc/fstab', '/dev/vda / ext4 defaults 0 1\n');
    this.write('proc/swaps', 'Filename Type Size Used Priority\n');
  }

  /** Environment of a session on it. */
  get environment(): Record<string, string> {
    return { HOST_ROOT: this.root, STATE: this.state, PATH: join(this.state, 'bin') };
  }

  /** Docker runs, as somebody installed it; `containers` run on it. */
  prepared({ containers = '', swarm = 'active true' } = {}): this {
    for (const name of ['docker', 'dockerd'])
      symlinkSync(join(this.state, 'command.sh'), join(this.state, 'bin', name));
    this.says({ 'enabled/docker.service': '', 'active/docker.service': '', starts: '1\n' });
    const started = new Date()
      .toUTCString()
      .replace(/^(\w+), (\d+) (\w+) (\d+) (.*) GMT$/, '$1 $2 $3 $4 $5 UTC');
    this.says({ started, containers, swarm: `${swarm}\n` });
    return this;
  }

  says(state: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(state)) writeFileSync(join(this.state, name), text);
  }

  write(path: string, text: string): void {
    mkdirSync(join(this.root, path, '..'), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  told(name: string): string {
    const path = join(this.state, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  /** Commands that changed the server, since the last time that this was asked. */
  changes(): string[] {
    const lines = this.told('changes').split('\n').filter(Boolean);
    this.says({ changes: '' });
    return lines;
  }

  /** Runs steps by hand, from the folder of scripts or a changed copy of it. */
  run(
    args: readonly string[] = [],
    settings: Readonly<Record<string, string>> = {},
    scripts = SCRIPTS,
  ): ServerRun {
    // A group of its own, which a stand-in ends to end all.
    const { status, signal, stdout, stderr } = spawnSync(
      'setsid',
      ['--wait', 'sh', join(scripts, 'run.sh'), ...args],
      {
        encoding: 'utf8',
        env: { ...this.environment, HOST_USER: 'deploy', HOST_FOLDER: '/opt/shop', ...settings },
      },
    );
    const output = `${stdout}${stderr}`;
    const lines = (kind: string) => output.split('\n').filter((line) => line.startsWith(`${kind} `));
    return { status, signal, output, lines };
  }

  /** All files with what they say, but for logs. */
  files(): Record<string, string> {
    const names = readdirSync(this.root, { recursive: true, encoding: 'utf8' }).sort();
    return Object.fromEntries(
      names
        .filter(
          (name) =>
            statSync(join(this.root, name)).isFile() && !/^(var\/log\/|run\/swarm-host\.lock)/.test(name),
        )
        .map((name) => [name, this.read(name)]),
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
