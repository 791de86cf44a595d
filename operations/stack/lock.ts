import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
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
  const { folder } = options;
  const until = Date.now() + options.timeoutSeconds * 1000;
  let told = false;
  while (!take(folder)) {
    const seen = look(folder);
    const { holder } = seen;
    const pid = Number.parseInt(holder, 10);
    if (holder === '' ? isOld(seen) : identityOf(pid) !== holder.split('\n')[1]) {
      setAside(folder, seen);
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
    for (const gone of setAsideOf(folder)) rmSync(gone, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

const ownerIn = (folder: string) => join(folder, 'owner');

function take(folder: string): boolean {
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(
    ownerIn(folder),
    `${process.pid}\n${identityOf(process.pid)}\n${new Date().toISOString().slice(0, 19)}Z`,
  );
  return true;
}

interface Seen {
  readonly ino: number;
  readonly mtimeMs: number;
  /** What its owner wrote; empty where it has not. */
  readonly holder: string;
}

function look(folder: string): Seen {
  const { ino = 0, mtimeMs = Date.now() } = statSync(folder, { throwIfNoEntry: false }) ?? {};
  return { ino, mtimeMs, holder: read(ownerIn(folder)) };
}

/** A holder that was killed before it could write its name has left a folder without one. */
const isOld = ({ mtimeMs }: Seen): boolean => Date.now() - mtimeMs > NAMELESS_MS;

const aside = (folder: string, name: number | '') => `${folder}.gone-${name}`;

/**
 * Out of the way, and there until the next holder is done: two who found the same dead holder would rename to the same
 * name, and what the first has made in its place the second cannot rename onto it.
 */
function setAside(folder: string, seen: Seen): void {
  const to = aside(folder, seen.ino);
  if (!renamed(folder, to)) return;
  const { ino, holder } = look(to);
  if (ino !== seen.ino || holder !== seen.holder) renamed(to, folder);
}

const setAsideOf = (folder: string): string[] =>
  readdirSync(dirname(folder))
    .filter((name) => name.startsWith(basename(aside(folder, ''))))
    .map((name) => join(dirname(folder), name));

/** @returns false where somebody else was faster */
function renamed(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
