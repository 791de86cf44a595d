import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from './error';
import type { LabPaths } from './paths';

/** Runs `work` while no other process starts or removes this lab. A lock whose process is gone does not count. */
export async function alone<T>(paths: LabPaths, work: () => Promise<T>): Promise<T> {
  const file = join(paths.dir, 'lock');
  mkdirSync(paths.dir, { recursive: true });
  const holder = read(file);
  if (holder && isAlive(holder)) {
    throw new LabError(
      `process ${holder.split(' ')[0]} is at work on the lab in ${paths.dir}`,
      'wait for it, or end it: the lab mends what it left half done',
    );
  }
  writeFileSync(file, identity(process.pid) ?? '');
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** `<pid> <start time>`: pids come back, together with the time they do not. One that nobody has buried yet is dead. */
function identity(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields && !/^[ZX]$/.test(fields[0]!) ? `${pid} ${fields[19]}` : undefined;
}

const isAlive = (holder: string): boolean => identity(Number.parseInt(holder, 10)) === holder;

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
