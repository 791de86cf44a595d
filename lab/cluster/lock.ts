import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processStart } from '../../operations/terraform/process-start';
import { LabError } from '../ground/error';
import type { LabPaths } from '../ground/paths';

/** Runs `work` while no other process starts or removes this lab. A lock whose process is gone does not count. */
export async function withLabLock<T>(paths: LabPaths, work: () => Promise<T>): Promise<T> {
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

/** `<pid> <start time>` of a process that is there. */
function identity(pid: number): string | undefined {
  const start = processStart(pid);
  return start && start !== 'gone' ? `${pid} ${start}` : undefined;
}

const isAlive = (holder: string): boolean => identity(Number.parseInt(holder, 10)) === holder;

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
