import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf } from '../terraform/process-start';

/** Somebody else deploys from this folder, and did not end in time. */
export class BusyError extends Error {}

export interface LockOptions {
  /** A folder that is made while the work is under way. */
  readonly folder: string;
  readonly timeoutSeconds: number;
  /** Called once when it has to wait. */
  readonly onWait: (holder: string) => void;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
}

const POLL_MS = 500;
const NAMELESS_MS = 5_000;

/**
 * Runs `work` while no other process deploys from this folder: synth would replace the scripts that the other one's
 * gates run. Other machines are kept apart by the state's own lock. The lock of a process that is gone does not count.
 *
 * @throws {BusyError} when the wait timed out
 */
export async function withLock<T>(options: LockOptions, work: () => Promise<T>): Promise<T> {
  const owner = join(options.folder, 'owner');
  const until = Date.now() + options.timeoutSeconds * 1000;
  let told = false;
  while (!take(options.folder, owner)) {
    const holder = read(owner);
    const pid = Number.parseInt(holder, 10);
    if (holder === '' ? isOld(options.folder) : identityOf(pid) !== holder.split('\n')[1]) {
      rmSync(options.folder, { recursive: true, force: true });
      continue;
    }
    const words = `process ${Number.isNaN(pid) ? '?' : pid} deploys from this folder${holder ? ` since ${holder.split('\n')[2]}` : ''}`;
    if (Date.now() >= until || options.signal?.aborted) {
      throw new BusyError(`${words}, nothing was changed\n  wait for it, or end it there with Ctrl-C`);
    }
    if (!told) options.onWait(words);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  try {
    return await work();
  } finally {
    rmSync(options.folder, { recursive: true, force: true });
  }
}

function take(folder: string, owner: string): boolean {
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(
    owner,
    `${process.pid}\n${identityOf(process.pid)}\n${new Date().toISOString().slice(0, 19)}Z`,
  );
  return true;
}

/** A holder that was killed before it could write its name has left a folder without one. */
function isOld(folder: string): boolean {
  const made = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Date.now() - made > NAMELESS_MS;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
