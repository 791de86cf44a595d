import { readFileSync } from 'node:fs';

/**
 * When a process began, in the kernel's ticks since boot: pids come back, together with this they do not.
 *
 * @returns `gone` for one that has ended and is only not reaped yet; undefined where the system does not tell
 */
export function processStart(pid: number): string | 'gone' | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // After the program's name, which may have anything in it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return /^[ZX]$/.test(fields[0]!) ? 'gone' : fields[19];
}

/**
 * What tells a process from another that gets its pid later: its start time, since pids come back; where the system does
 * not tell it only whether the process is there.
 */
export function identityOf(pid: number): string {
  const start = processStart(pid);
  if (start !== undefined) return start;
  try {
    process.kill(pid, 0);
    return 'alive';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'alive' : 'gone';
  }
}
