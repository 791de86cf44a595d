import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename } from 'node:path';
import { envLine, envLinesOf, judgeEnvFile, parseEnvFile } from '../inputs/env-file';

export interface EnvEntry {
  readonly name: string;
  readonly value: string;
  /** A value that is there stays in a comment; without this it is an error. */
  readonly replace: boolean;
  readonly now: Date;
}

/**
 * Adds a line to an `.env` file, or replaces it. The file is rewritten beside itself, for its owner alone, and takes
 * the older one's place whole.
 *
 * @throws when the file is not understood, has the name already, or git has it or would take it
 */
export function writeEnvEntry(path: string, { name, value, replace, now }: EnvEntry): void {
  const file = resolved(path);
  const short = basename(path);
  const before = read(file);
  const known = parseEnvFile(before, short);
  if (name in known && !replace) {
    throw new Error(
      `${short} has ${name} already\n  add --replace; the older value stays in a comment, for the way back`,
    );
  }
  const lines = before === '' ? [] : before.replace(/\n$/, '').split('\n');
  const given = new RegExp(`^\\s*(export\\s+)?${name}=`);
  const ends = envLinesOf(before).map((line, index) =>
    given.test(line) ? index + line.split('\n').length : 0,
  );
  // A value may have more lines than its first.
  const kept = lines.map((line, index) => {
    if (ends[index]) return `# until ${now.toISOString().slice(0, 16)}Z: ${line.trim()}`;
    return ends.some((end, begin) => begin < index && index < end) ? `# ${line}` : line;
  });
  replaceWhole(file, `${[...kept, envLine(name, value)].join('\n')}\n`, () => refuseGit(path));
}

/** Git would carry the secrets away. */
function refuseGit(path: string): void {
  const bad = judgeEnvFile(path).find(({ text }) => / git | in git/.test(` ${text} `));
  if (bad) throw new Error(`${bad.text}, nothing was written\n  ${bad.fix}`);
}

function replaceWhole(file: string, text: string, check: () => void): void {
  const next = `${file}.new-${process.pid}`;
  const handle = openSync(next, 'wx', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
    check();
    renameSync(next, file);
  } finally {
    closeSync(handle);
    rmSync(next, { force: true });
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** A link stays one. */
function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
