import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { LabPaths } from './paths';
import { eventually } from './shell';

/** Further nodes of the lab's Swarm. */
export type NodeRole = 'node2' | 'node3';

/** What the lab keeps running. */
export type Role =
  | NodeRole
  | 'engine'
  | 'registry'
  | 'registry-view'
  | 'sshd'
  | 'dns'
  | 'mail'
  | 'acme'
  | 'build'
  | 'deploy'
  | 'vps';

// The mark is in each process's environment rather than a pid in a file: it cannot be lost between the start of a
// process and the writing of the file, and never names a stranger that was given the same pid.
const MARK = 'PROCTORWISE_LAB';

/** The environment that makes a process and all that it starts the lab's. */
export const markOf = (paths: LabPaths, role: Role): Record<string, string> => ({
  [MARK]: `${paths.dir}:${role}`,
});

/** Starts a program that outlives this one. Its output goes to `logs/<role>.log`, its predecessor's is `….log.1`. */
export function startProcess(paths: LabPaths, role: Role, command: readonly string[], env = {}): void {
  const file = join(paths.logs, `${role}.log`);
  if (existsSync(file)) renameSync(file, `${file}.1`);
  const log = openSync(file, 'a');
  const [program, ...args] = command;
  const child = spawn(program!, args, {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: '/',
    env: { ...process.env, ...env, ...markOf(paths, role) },
  });
  child.on('error', () => {});
  child.unref();
  closeSync(log);
}

/**
 * A prefix for a program in namespaces of its own: when its first process ends, all that it ever started ends with it,
 * and its mounts are gone.
 */
export const CELL = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** Pids of a role's processes, the oldest first. Children that inherited the mark are among them. */
export function processesOf(paths: LabPaths, role: Role, proc = '/proc'): number[] {
  const mark = `${MARK}=${paths.dir}:${role}`;
  return readdirSync(proc)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(join(proc, String(pid), 'environ'), 'latin1')
          .split('\0')
          .includes(mark);
      } catch {
        return false;
      }
    })
    .sort((a, b) => a - b);
}

/** Waits until the role does its work. Gives up when the time is over, and at once when its processes have ended. */
export async function becomesReady(
  paths: LabPaths,
  role: Role,
  seconds: number,
  isReady: () => Promise<boolean>,
): Promise<boolean> {
  const runs = () => processesOf(paths, role).length > 0;
  // A process has its mark from its first program on, which takes a moment after the fork.
  await eventually(5, runs);
  let ready = false;
  await eventually(seconds, async () => {
    // While it goes from one program to the next (chroot to QEMU), it has no environment for a moment.
    if (!(await eventually(1, runs))) return true;
    ready = await isReady();
    return ready;
  });
  return ready;
}

/** The last line that a role wrote, for errors. */
export function lastWord(paths: LabPaths, role: Role): string {
  const lines = readFileSync(join(paths.logs, `${role}.log`), 'utf8')
    .trim()
    .split('\n');
  return lines.filter((line) => /failed|error|cannot|denied/i.test(line)).pop() ?? lines.pop() ?? '';
}

/** Asks a role's processes to end, and makes them after `graceSeconds`. */
export async function stopProcesses(paths: LabPaths, role: Role, graceSeconds = 5): Promise<void> {
  const gone = () => processesOf(paths, role).length === 0;
  if (gone()) return;
  // In a cell the first process inside listens; unshare around it ignores SIGTERM while it has a child.
  const pids = processesOf(paths, role);
  const top = pids.filter((pid) => !pids.includes(parentOf(pid)));
  for (const pid of pids) if (top.includes(pid) || top.includes(parentOf(pid))) signal(pid, 'SIGTERM');
  if (await eventually(graceSeconds, gone)) return;
  for (const pid of processesOf(paths, role)) signal(pid, 'SIGKILL');
  await eventually(10, gone);
}

/** 0 for a process that is gone. */
export function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended meanwhile.
  }
}
