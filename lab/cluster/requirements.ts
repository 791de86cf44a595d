import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { enginePath } from '../engine/engine';
import { LabError } from '../ground/error';
import { hasCommand, installPackages } from '../ground/packages';
import type { LabPaths } from '../ground/paths';
import type { Print } from '../ground/progress';
import { succeeds } from '../ground/shell';

/** A command that the lab runs, and the packages that have it: the first one that a Debian knows is taken. */
export const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  ip: ['iproute2'],
  iptables: ['iptables'],
  nsenter: ['util-linux'],
  unshare: ['util-linux'],
  mount: ['mount'],
  curl: ['curl'],
  ssh: ['openssh-client'],
  'ssh-keygen': ['openssh-client'],
  sshd: ['openssh-server'],
  openssl: ['openssl'],
  dockerd: ['docker.io'],
  docker: ['docker-cli', 'docker.io'],
  'docker-registry': ['docker-registry'],
  mmdebstrap: ['mmdebstrap'],
};

/** Room for roots, layers in the engine and in the registry, and the databases: measured 5 GiB. */
export const DISK_GIBIBYTES = 8;

export interface Machine {
  readonly platform: string;
  readonly uid: number;
  readonly freeGibibytes: number;
  readonly mayUnshare: boolean;
}

/** @throws LabError on a machine where the lab cannot run */
export function judgeMachine(machine: Machine, dir: string): void {
  if (machine.platform !== 'linux') {
    throw new LabError(
      `the lab runs on Linux, this is ${machine.platform}`,
      'use a Linux machine, or a virtual one',
    );
  }
  if (machine.uid !== 0)
    throw new LabError('the lab needs root for its engine and network', 'run it with sudo');
  if (!machine.mayUnshare) {
    throw new LabError(
      'this machine does not let root make namespaces and mounts',
      'use a whole (virtual) machine, or a container that is privileged',
    );
  }
  if (machine.freeGibibytes < DISK_GIBIBYTES) {
    throw new LabError(
      `the disk of ${dir} has ${machine.freeGibibytes.toFixed(1)} GiB left, the lab needs ${DISK_GIBIBYTES}`,
      'make room, or put the lab on another disk: LAB_DIR=/folder',
    );
  }
  // The path of a unix socket ends at 107 bytes, of which ssh takes 21 for its shared connection, and scripts get it unquoted.
  if (!/^[\w./+-]{1,86}$/.test(dir)) {
    throw new LabError(
      `the folder ${dir} is too long or has a special character in its name`,
      'put the lab elsewhere: LAB_DIR=/folder',
    );
  }
}

/** Checks the machine and installs the packages that are missing. */
export async function ensureRequirements(paths: LabPaths, note: Print): Promise<void> {
  judgeMachine(
    {
      platform: process.platform,
      uid: process.getuid?.() ?? -1,
      // What the lab has taken already is not missing.
      freeGibibytes: existsSync(paths.images) ? Number.POSITIVE_INFINITY : await freeGibibytes(paths.dir),
      mayUnshare: await succeeds('unshare', ['--mount', '--pid', '--net', '--fork', 'true']),
    },
    paths.dir,
  );
  const pathOf = (command: string) => (command === 'dockerd' ? enginePath() : undefined);
  const missing = Object.entries(COMMANDS).filter(([command]) => !hasCommand(command, pathOf(command)));
  if (missing.length > 0) await installPackages(missing, note);
}

async function freeGibibytes(folder: string): Promise<number> {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  const { bavail, bsize } = await statfs(existing);
  return (bavail * bsize) / 1024 ** 3;
}
