import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

const ROOT = resolve(__dirname, '../../../../../..');

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly run?: string;
  readonly shell?: string;
  readonly 'working-directory'?: string;
}

export interface Job {
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly concurrency?: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** Every file that Actions runs, by its path: the workflows and the actions of this repository. */
export function files(): Readonly<Record<string, string>> {
  const workflows = readdirSync(join(ROOT, '.github/workflows')).map((name) => `.github/workflows/${name}`);
  const actions = readdirSync(join(ROOT, '.github/actions')).map(
    (name) => `.github/actions/${name}/action.yml`,
  );
  return Object.fromEntries(
    [...workflows, ...actions].map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]),
  );
}

export function workflow(name: string): Workflow {
  return parse(readFileSync(join(ROOT, '.github/workflows', `${name}.yml`), 'utf8')) as Workflow;
}

export const WORKFLOWS = readdirSync(join(ROOT, '.github/workflows')).map((name) =>
  name.replace(/\.yml$/, ''),
);

/** Every job of every workflow, and its name for a test. */
export const JOBS: readonly [string, Job, Workflow][] = WORKFLOWS.flatMap((name) => {
  const one = workflow(name);
  return Object.entries(one.jobs).map(([id, job]): [string, Job, Workflow] => [`${name}/${id}`, job, one]);
});

/** The steps of a local composite action; undefined for an action of somebody else. */
export function localSteps(uses: string): readonly Step[] | undefined {
  const path = join(ROOT, uses, 'action.yml');
  if (!uses.startsWith('./') || !existsSync(path)) return undefined;
  return (parse(readFileSync(path, 'utf8')) as { runs: { steps: readonly Step[] } }).runs.steps;
}
