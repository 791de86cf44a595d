import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { LabError } from './error';
import type { Print } from './progress';
import { run, succeeds } from './shell';

/** The programs of that name, in the order of PATH; daemons live in folders that a user's PATH may lack. */
export const programsNamed = (name: string, path = process.env.PATH ?? ''): string[] =>
  (name.includes('/') ? [name] : inFolders(name, path)).filter(isProgram);

const inFolders = (name: string, path: string): string[] =>
  [...path.split(delimiter), '/usr/sbin', '/sbin'].map((folder) => join(folder, name));

/** Whether a command is there. */
export const hasCommand = (name: string, path?: string): boolean => programsNamed(name, path).length > 0;

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Installs the first of these packages that this Debian has, unless the command is there. */
export async function ensureCommand(command: string, packages: readonly string[]): Promise<void> {
  if (!hasCommand(command)) await installPackages([[command, packages]], () => {});
}

/**
 * Installs a package for each missing command; of a command's packages the first that this Debian has.
 * Their services are neither started nor enabled: the lab runs its own.
 *
 * @throws LabError where there is no apt-get, or the packages do not come
 */
export async function installPackages(
  missing: readonly (readonly [command: string, packages: readonly string[]])[],
  note: Print,
): Promise<void> {
  const names = missing.map(([command]) => command).join(', ');
  if (!hasCommand('apt-get')) {
    throw new LabError(
      `this machine lacks ${names}`,
      'install them; the lab does it by itself on Debian and Ubuntu only',
    );
  }
  note('apt-get update');
  await run('apt-get', ['update', '-qq']).catch(() => {});
  const chosen: string[] = [];
  for (const [, packages] of missing) {
    for (const name of packages) {
      if (!(await succeeds('apt-cache', ['show', '--no-all-versions', name]))) continue;
      chosen.push(name);
      break;
    }
  }
  note(`apt-get install ${chosen.join(' ')}`);
  await withoutServices(() =>
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...chosen], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    }),
  ).catch((error: Error) => {
    throw new LabError(
      `the packages for ${names} cannot be installed`,
      error.message.split('\n').slice(-2).join(' ').trim(),
    );
  });
  for (const [command] of missing) {
    if (!hasCommand(command))
      throw new LabError(`this Debian has no package with ${command}`, 'install it by hand');
  }
}

const UNITS = [
  'docker.service',
  'docker.socket',
  'containerd.service',
  'docker-registry.service',
  'ssh.service',
];

const POLICY = '#!/bin/sh\n# Made by the ProctorWise lab while it installs packages.\nexit 101\n';

/** Debian starts and enables what it installs, unless this file says no. */
async function withoutServices(work: () => Promise<unknown>): Promise<void> {
  const policy = '/usr/sbin/policy-rc.d';
  // One that an interrupted installation left is ours, too.
  const mine = !existsSync(policy) || readFileSync(policy, 'utf8') === POLICY;
  const enabled = async (unit: string) => succeeds('systemctl', ['is-enabled', '--quiet', unit]);
  const before = await Promise.all(UNITS.map(enabled));
  if (mine) {
    writeFileSync(policy, POLICY);
    chmodSync(policy, 0o755);
  }
  try {
    await work();
  } finally {
    if (mine) rmSync(policy, { force: true });
    for (const [index, unit] of UNITS.entries()) {
      if (!before[index] && (await enabled(unit))) await succeeds('systemctl', ['disable', '--quiet', unit]);
    }
  }
}
