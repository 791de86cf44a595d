import { readFileSync } from 'node:fs';

/**
 * When a process began, in the kernel's ticks since boot: pids come back, together with this they do not.
 *
 * @returns `gone` for one that has ended and is only not buried yet; undefined where the system does not tell
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
