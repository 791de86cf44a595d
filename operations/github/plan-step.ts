import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from './fault';
import { defuse, shorten } from './markdown';
import { npmScript } from './npm-script';
import { redact } from './redact';
import type { Runner } from './runner';

type Env = Readonly<Record<string, string | undefined>>;

/** Exit codes of `npm run plan`. */
export const PLAN = { nothing: 0, changes: 2, risk: 3 } as const;
/** GitHub shows no more than 1 MiB of a step's summary. */
const SUMMARY_LIMIT = 1_000_000;

export interface PlanText {
  readonly code: number;
  /** For people, without a secret. */
  readonly markdown: string;
}

export const planFile = (env: Env): string => join(env.RUNNER_TEMP ?? '.', 'plan', 'plan.md');

/**
 * `npm run plan`, and what it wrote for people, left redacted in `planFile`.
 *
 * @throws {Fault} when there is no plan, or when it had a secret in it: then nothing of it is kept
 */
export async function writePlan(env: Env): Promise<PlanText> {
  const file = planFile(env);
  mkdirSync(dirname(file), { recursive: true });
  const raw = `${file}.raw`;
  const { code, stdout } = await npmScript('plan', ['--markdown', raw, '--json'], env);
  const known = Object.values(PLAN) as number[];
  const written = existsSync(raw) ? readFileSync(raw, 'utf8') : undefined;
  rmSync(raw, { force: true });
  if (!known.includes(code) || written === undefined) {
    throw new Fault(
      `there is no plan (exit code ${code})`,
      'the lines above say why; nothing was changed',
      'plan',
    );
  }
  const { text, found } = redact(written, env);
  const leaked = [...new Set([...found, ...redact(stdout, env).found])];
  if (leaked.length > 0) {
    throw new Fault(
      `the plan has the value of ${leaked.join(', ')} in it and is not shown`,
      'a secret reached a setting that is not secret: give it to the service under `secrets` in services.config.ts',
      'plan',
    );
  }
  writeFileSync(file, text);
  return { code, markdown: text };
}

/** Before a deploy: on the page of the run, with changes that risk something let through only when somebody said so. */
export async function planForDeploy(env: Env, runner: Runner): Promise<void> {
  const { code, markdown } = await writePlan(env);
  runner.summary(shorten(defuse(markdown), SUMMARY_LIMIT, '`npm run plan` prints all of it.'));
  runner.setOutput('changes', String(code !== PLAN.nothing));
  if (code === PLAN.risk && !(env.ACKNOWLEDGE ?? '').trim()) {
    throw new Fault(
      'the plan has downtime or touches data, and nobody has acknowledged it; nothing was changed',
      'read the plan on the page of this run, then run the workflow by hand with what it names under "acknowledge"',
      'plan',
    );
  }
}

/** For a pull request: whatever it plans is fine, it is only to be read. */
export async function planForReview(env: Env, runner: Runner): Promise<void> {
  const { code, markdown } = await writePlan(env);
  runner.summary(shorten(defuse(markdown), SUMMARY_LIMIT, '`npm run plan` prints all of it.'));
  runner.say(code === PLAN.nothing ? 'nothing to do' : `the plan is in ${planFile(env)}`);
}
