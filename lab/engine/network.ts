import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LabPaths } from '../ground/paths';
import { type LabSettings, labAddress } from '../ground/settings';
import { run, succeeds } from '../ground/shell';

const NAMESPACES = '/run/netns';

/**
 * The lab's network namespace. A Swarm's ports (2377, 7946, 4789), its docker_gwbridge and its firewall rules have
 * fixed names, so two engines in one namespace disturb each other; in its own, nothing of this machine is touched,
 * and removing it removes them all. It has no way out: one cable to this machine, and loopback.
 */
export const namespaceOf = (paths: LabPaths): string => `proctorwise-lab-${paths.id}`;

/** The cable's end on this machine. */
export const cableOf = (paths: LabPaths): string => `pwlab-${paths.id}`;

/** A prefix that runs a program in the lab's network. */
export const insideNetwork = (paths: LabPaths): string[] => [
  'nsenter',
  `--net=/run/netns/${namespaceOf(paths)}`,
];

/** Addresses on this machine's side: requests from `.11` and `.12` come from other clients than those from `.1`. */
export const CLIENTS = [1, 11, 12];

/** Makes whatever of it is missing. */
export async function ensureNetwork(paths: LabPaths, settings: LabSettings): Promise<void> {
  const name = namespaceOf(paths);
  const cable = cableOf(paths);
  const inside = (...args: string[]) => run('ip', ['-n', name, ...args]);
  if (!(await succeeds('nsenter', [`--net=/run/netns/${name}`, 'true']))) {
    // An interrupted `ip netns add` leaves a plain file.
    await removeNetwork(paths);
    await run('ip', ['netns', 'add', name]);
  }
  if (!(await succeeds('ip', ['link', 'show', 'dev', cable]))) {
    await run('ip', ['link', 'add', cable, 'type', 'veth', 'peer', 'name', 'lab0', 'netns', name]);
  }
  for (const host of CLIENTS) {
    await run('ip', ['address', 'replace', `${labAddress(settings, host)}/24`, 'dev', cable]);
  }
  await run('ip', ['link', 'set', cable, 'up']);
  await inside('address', 'replace', `${labAddress(settings, 2)}/24`, 'dev', 'lab0');
  await inside('link', 'set', 'lab0', 'up');
  await inside('link', 'set', 'lo', 'up');
}

/** Nothing may run inside any more: a process keeps a removed namespace alive. */
export async function removeNetwork(paths: LabPaths): Promise<void> {
  const name = namespaceOf(paths);
  await succeeds('ip', ['link', 'delete', cableOf(paths)]);
  // Those of further nodes, too.
  const further = existsSync(NAMESPACES)
    ? readdirSync(NAMESPACES).filter((one) => one.startsWith(`${name}-`))
    : [];
  for (const one of [...further, name]) await removeNamespace(one);
}

export async function removeNamespace(name: string): Promise<void> {
  if (await succeeds('ip', ['netns', 'delete', name])) return;
  await succeeds('umount', ['-l', join(NAMESPACES, name)]);
  rmSync(join(NAMESPACES, name), { force: true });
}
