import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { socketIn } from '../../contract/shared-ssh';
import type { LabPaths } from '../ground/paths';
import { labFile } from '../ground/paths';
import { CELL, markOf } from '../ground/processes';
import type { Print } from '../ground/progress';
import { run } from '../ground/shell';
import { type MachinePaths, QEMU_PACKAGES, SERVER_PACKAGES, SUITE } from './machine-paths';
import { machinePorts } from './ports';

const DEBIAN = process.env.LAB_DEBIAN_MIRROR || 'http://deb.debian.org/debian';

/** Room for Docker's images, layers and volumes, and the swap file; the file takes only what is written. */
const DISK_GIBIBYTES = 16;

/** Under which name the virtual machine finds the lab's registry: QEMU leads 10.0.2.2 to this machine's loopback. */
export const registryFromMachine = (registryPort: number): string => `10.0.2.2:${registryPort}`;

/** QEMU and the bare server's disk, each made once. */
export async function ensureDisk(
  paths: LabPaths,
  machine: MachinePaths,
  registryPort: number,
  note: Print,
): Promise<void> {
  mkdirSync(paths.cache, { recursive: true });
  await ensureKey(paths, machine);
  if (!existsSync(machine.qemu)) {
    note(`QEMU of Debian ${SUITE}`);
    await debian(paths, `${machine.qemu}.half`, QEMU_PACKAGES, []);
    renameSync(`${machine.qemu}.half`, machine.qemu);
  }
  if (!existsSync(machine.base)) {
    note(`a bare Debian ${SUITE}`);
    await makeBase(paths, machine, registryPort);
  }
  writeSshConfig(machine);
}

async function makeBase(paths: LabPaths, machine: MachinePaths, registryPort: number): Promise<void> {
  const half = `${machine.base}.half`;
  const root = `${machine.base}.root`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true });
  await debian(paths, root, SERVER_PACKAGES, [`--customize-hook=${labFile('vps', 'customize.sh')} "$1"`], {
    CLIENT_KEY: machine.clientKey,
    REGISTRY: registryFromMachine(registryPort),
  });
  const boot = readdirSync(join(root, 'boot'));
  for (const [name, pattern] of [
    ['vmlinuz', /^vmlinuz-/],
    ['initrd', /^initrd\.img-/],
  ] as const) {
    await run('cp', [join(root, 'boot', boot.find((file) => pattern.test(file))!), join(half, name)]);
  }
  for (const name of readdirSync(join(root, 'etc/ssh')).filter((file) => /^ssh_host_.*\.pub$/.test(file))) {
    await run('cp', [join(root, 'etc/ssh', name), half]);
  }
  const disk = join(half, 'disk.raw');
  await run('truncate', ['-s', `${DISK_GIBIBYTES}G`, disk]);
  // mke2fs is where a plain user's PATH does not look.
  await run('/sbin/mke2fs', ['-q', '-F', '-t', 'ext4', '-d', root, disk]);
  rmSync(root, { recursive: true, force: true });
  renameSync(half, machine.base);
}

function debian(
  paths: LabPaths,
  target: string,
  packages: readonly string[],
  hooks: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  rmSync(target, { recursive: true, force: true });
  const options = ['--quiet', '--mode=root', '--format=directory', '--variant=minbase'];
  const what = [...options, `--include=${packages.join(',')}`, ...hooks, SUITE, target, DEBIAN];
  return run(CELL[0]!, [...CELL.slice(1), 'mmdebstrap', ...what], {
    env: { ...markOf(paths, 'build'), ...env },
    log: join(paths.logs, 'vps-build.log'),
  });
}

async function ensureKey(paths: LabPaths, { clientKey, base }: MachinePaths): Promise<void> {
  mkdirSync(paths.ssh, { recursive: true, mode: 0o700 });
  if (existsSync(`${clientKey}.pub`)) return;
  rmSync(clientKey, { force: true });
  // A disk lets in the key that it was made with.
  rmSync(base, { recursive: true, force: true });
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'proctorwise-vps', '-f', clientKey]);
}

/** `ssh -F <this> vps`. The keys of the server are known from its disk, so nothing is taken on trust. */
function writeSshConfig({ base, sshConfig, knownHosts, clientKey }: MachinePaths): void {
  const { ssh } = machinePorts();
  const keys = readdirSync(base).filter((name) => name.endsWith('.pub'));
  writeFileSync(
    knownHosts,
    keys.map((name) => `[127.0.0.1]:${ssh} ${readFileSync(join(base, name), 'utf8')}`).join(''),
  );
  writeFileSync(
    sshConfig,
    `# Made by the lab: ssh -F ${sshConfig} vps
Host vps
  HostName 127.0.0.1
Host *
  Port ${ssh}
  User deploy
  IdentityFile ${clientKey}
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile ${knownHosts}
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  UpdateHostKeys no
  BatchMode yes
  ServerAliveInterval 5
  ServerAliveCountMax 3
  ControlMaster auto
  ControlPath ${socketIn(dirname(dirname(sshConfig)), 'vps-mux', 'vps-%C') ?? 'none'}
  ControlPersist 60
`,
  );
}
