import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { DIGEST } from '../../constructs/units';
import { readIfThere } from '../files/read-if-there';

export { DIGEST };

/** `repository:tag` → `sha256:…`. */
export type Lock = Readonly<Record<string, string>>;

/** Reads a lock; a file that is not there is an empty one. @throws when it is not a lock */
export function readLock(path: string): Lock {
  const text = readIfThere(path);
  if (text === undefined) return {};
  let lock: unknown;
  try {
    lock = JSON.parse(text);
  } catch {
    throw new Error(
      `${path} is not JSON\n  take it back from git, or remove it and run: ./proctor images lock`,
    );
  }
  if (typeof lock !== 'object' || lock === null || Array.isArray(lock)) {
    throw new Error(`${path} is not a list of digests\n  remove it and run: ./proctor images lock`);
  }
  for (const [image, digest] of Object.entries(lock)) {
    if (typeof digest !== 'string' || !DIGEST.test(digest)) {
      throw new Error(
        `${path} has no digest for ${image}, but ${JSON.stringify(digest)}\n  remove the line and run: ./proctor images lock`,
      );
    }
  }
  return lock as Lock;
}

/** Writes a lock, keys sorted, so that a change of one image is a change of one line. Whole or not at all. */
export function writeLock(path: string, lock: Lock): void {
  const sorted = Object.fromEntries(Object.entries(lock).sort(([a], [b]) => (a < b ? -1 : 1)));
  const fresh = `${path}.new-${process.pid}`;
  try {
    const file = openSync(fresh, 'wx', 0o644);
    try {
      writeSync(file, `${JSON.stringify(sorted, null, 2)}\n`);
      // The name must not reach the disk before the content does.
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
