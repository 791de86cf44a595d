import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { identityOf } from './process-start';

/** Terraform at work, as whoever comes after a killed deploy finds it. */
export interface Running {
  readonly pid: number;
  /** See `identityOf`; pids come back. */
  readonly start: string;
  readonly what: 'plan' | 'apply' | 'wait';
  /** As people type it. @default 'terraform' */
  readonly program?: string;
  /** ISO 8601. */
  readonly since: string;
}

/** In `.terraform`, which outlives the next synth. */
const at = (folder: string, name: string) => join(folder, '.terraform', name);

export const outputFiles = (folder: string) => ({
  stdout: at(folder, 'running.out'),
  stderr: at(folder, 'running.err'),
});

/** Written whole: half of it would be no record. */
export function noteRunning(folder: string, running: Running): void {
  const file = at(folder, 'running.json');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(running), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** @returns undefined where every run was seen to its end */
export function readRunning(folder: string): Running | undefined {
  const file = at(folder, 'running.json');
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Running;
  } catch {
    // A full disk when it was written: the record says nothing, and what it said can only be old.
    return undefined;
  }
}

export function isAtWork({ pid, start }: Pick<Running, 'pid' | 'start'>): boolean {
  const now = identityOf(pid);
  return now !== 'gone' && now === start;
}

/** The run was seen to its end; what it made is its deploy's. */
export function forgetRecord(folder: string): void {
  const { stdout, stderr } = outputFiles(folder);
  for (const path of [at(folder, 'running.json'), stdout, stderr]) rmSync(path, { force: true });
}

export const PLAN_FILE = 'deploy.tfplan';
/** Where gates leave their outcomes. */
export const REPORTS_FOLDER = 'reports';

/** What a deploy that was killed left in a stack's folder: its plan holds every secret. */
export const leftoversIn = (folder: string): string[] =>
  [PLAN_FILE, REPORTS_FOLDER].filter((name) => existsSync(join(folder, name)));

/** Nobody saw its end: removes what it left, too. */
export function forgetRunning(folder: string): void {
  for (const name of leftoversIn(folder)) rmSync(join(folder, name), { recursive: true, force: true });
  forgetRecord(folder);
}
