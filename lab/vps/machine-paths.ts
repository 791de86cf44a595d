import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LabPaths, labFile } from '../ground/paths';
import { readSettings } from '../ground/settings';

/** Where the virtual machine of a lab is. What takes long to make is in the lab's cache, under a key of what made it. */
export interface MachinePaths {
  /** A Debian with QEMU in it, which runs there: other versions of this machine's have nothing to do with it. */
  readonly qemu: string;
  /** The bare server's disk, kernel, initrd and the keys of its sshd; never written again. */
  readonly base: string;
  /** The machine's own files as QEMU sees them, in its root: the disk that remembers what was written, the console. */
  readonly files: string;
  readonly sshConfig: string;
  readonly knownHosts: string;
  readonly clientKey: string;
}

/** Inside QEMU's root. */
export const FILES = '/vps';

/** Debian of the server, and of the QEMU that runs it. */
export const SUITE = 'trixie';

/** @param registryPort of the lab, which the bare server's daemon.json names. @default the lab's, once it has one */
export function machinePaths(
  paths: LabPaths,
  registryPort = readSettings(paths)?.registryPort,
): MachinePaths {
  const recipe = readFileSync(labFile('vps', 'customize.sh'));
  const key = createHash('sha256')
    .update(recipe)
    .update(JSON.stringify([SUITE, SERVER_PACKAGES, registryPort]))
    .digest('hex');
  const qemu = join(paths.cache, `qemu-${SUITE}`);
  return {
    qemu,
    base: join(paths.cache, `vps-${key.slice(0, 12)}`),
    files: join(qemu, FILES, paths.id),
    sshConfig: join(paths.ssh, 'vps_config'),
    knownHosts: join(paths.ssh, 'vps_known_hosts'),
    clientKey: join(paths.ssh, 'vps_client_key'),
  };
}

/** What a provider's smallest image has: an sshd, sudo and a network, and nothing of what the platform needs. */
export const SERVER_PACKAGES = [
  'systemd',
  'systemd-sysv',
  'systemd-resolved',
  'udev',
  'dbus',
  'libpam-systemd',
  'kmod',
  'procps',
  'openssh-server',
  'sudo',
  'iproute2',
  'ca-certificates',
  'linux-image-cloud-amd64',
];

export const QEMU_PACKAGES = ['qemu-system-x86', 'qemu-utils'];
