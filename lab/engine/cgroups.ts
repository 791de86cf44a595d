import { existsSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabPaths } from '../ground/paths';
import { eventually } from '../ground/shell';

type Lab = Pick<LabPaths, 'id'>;

export const cgroupOf = ({ id }: Lab): string => `proctorwise-lab-${id}`;

/** Where control groups are mounted: one hierarchy on most machines, on others one for each controller and some more. */
export function hierarchies(mountinfo = readFileSync('/proc/self/mountinfo', 'utf8')): string[] {
  const mounts = mountinfo.split('\n').filter((line) => / - cgroup2? /.test(line));
  return [...new Set(mounts.map((line) => line.split(' ')[4]!))];
}

/** The lab's group in each of them, with all below it, the deepest first. */
export const cgroupsOf = (lab: Lab): string[] =>
  hierarchies().flatMap((mount) => groupsUnder(join(mount, cgroupOf(lab))));

function groupsUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return [...foldersIn(folder).flatMap((name) => groupsUnder(join(folder, name))), folder];
}

export function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
  } catch {
    return [];
  }
}

/**
 * The engine removes a container's groups, an engine that was killed does not, and its tasks end some time after it: a
 * group can be removed when nobody is in it any more. Whoever stays is ended, a frozen one thawed for it.
 *
 * @returns what could not be removed in time
 */
export async function removeCgroups(lab: Lab, seconds = 20): Promise<string[]> {
  await eventually(seconds, () => {
    for (const group of cgroupsOf(lab)) if (!removed(group)) endAll(group);
    return cgroupsOf(lab).length === 0;
  });
  return cgroupsOf(lab);
}

function removed(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch {
    return false;
  }
}

function endAll(group: string): void {
  for (const pid of processesIn(group)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
  write(group, 'freezer.state', 'THAWED');
  write(group, 'cgroup.freeze', '0');
}

function processesIn(group: string): number[] {
  try {
    // 0 is a process of another namespace, and would be our own group of processes.
    return readFileSync(join(group, 'cgroup.procs'), 'utf8')
      .split('\n')
      .map(Number)
      .filter((pid) => pid > 1);
  } catch {
    return [];
  }
}

function write(group: string, name: string, value: string): void {
  try {
    if (existsSync(join(group, name))) writeFileSync(join(group, name), value);
  } catch {
    // The group is gone.
  }
}
