import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Shell } from '../../../contract/shell';
import { Fault } from '../runner/fault';
import type { Runner } from '../runner/runner';
import { defuse, shorten } from '../text/markdown';
import { type PlanFacts, readPlanFacts } from '../text/plan-json';
import { redact } from '../text/redact';
import { whyNoPlanYet } from './bare-server';
import { runNpmScript } from './npm-script';

/** Exit codes of `./proctor plan`; 1 is an error, or with `--gate` a plan that the policy stops. */
export const PLAN = { nothing: 0, changes: 2, risk: 3 } as const;
/** GitHub shows no more than 1 MiB of a step's summary. */
const SUMMARY_LIMIT = 1_000_000;

export interface PlanText extends PlanFacts {
  readonly code: number;
  /** For people, without a secret. */
  readonly markdown: string;
}

export const planFile = (env: Shell): string => join(env.RUNNER_TEMP ?? '.', 'plan', 'plan.md');

/**
 * `./proctor plan`, and what it wrote for people, left redacted in `planFile`.
 *
 * @throws {Fault} when there is no plan, or when it had a secret in it: then nothing of it is kept
 */
export async function writePlan(env: Shell, args: readonly string[] = []): Promise<PlanText> {
  const file = planFile(env);
  mkdirSync(dirname(file), { recursive: true });
  const raw = `${file}.raw`;
  const { code, stdout } = await runNpmScript('plan', ['--markdown', raw, '--json', ...args], env);
  const written = existsSync(raw) ? readFileSync(raw, 'utf8') : undefined;
  rmSync(raw, { force: true });
  const facts = readPlanFacts(stdout);
  const known = (Object.values(PLAN) as number[]).includes(code) || facts.stoppedBy !== undefined;
  if (!known || written === undefined) {
    throw new Fault(
      `there is no plan (exit code ${code})`,
      'the lines above say why; nothing was changed',
      'plan',
    );
  }
  const { text, found } = redact(written, env);
  if (found.length > 0) {
    throw new Fault(
      `the plan has the value of ${found.join(', ')} in it and is not shown`,
      'a secret reached a setting that is not secret: give it to the service under `secrets` in services.config.ts',
      'plan',
    );
  }
  // Its own marker is for those who post it as it is.
  const markdown = text.replace(/^<!--.*-->\n/, '');
  writeFileSync(file, markdown);
  return { code, markdown, ...facts };
}

/** Before a deploy: on the page of the run, with what risks something let through only when it was acknowledged by name. */
export async function planForDeploy(env: Shell, runner: Runner): Promise<void> {
  const bare = await whyNoPlanYet(env);
  if (bare) {
    runner.summary(noPlanYet(bare));
    return;
  }
  const { markdown, stoppedBy } = await writePlan(env, ['--gate']);
  runner.summary(shorten(defuse(markdown), SUMMARY_LIMIT, '`./proctor plan` prints all of it.'));
  if (!stoppedBy) return;
  throw new Fault(
    'the policy stops this plan: it has downtime or may cost data; nothing was changed',
    stoppedBy.length > 0
      ? `read the plan on the page of this run; to let it through, run the workflow by hand with "acknowledge": ${stoppedBy.join(',')}`
      : 'read the plan on the page of this run: it names what to change first',
    'plan',
  );
}

/** For a pull request: whatever it plans is fine, it is only to be read. */
export async function planForReview(env: Shell, runner: Runner): Promise<void> {
  const bare = await whyNoPlanYet(env);
  const markdown = bare ? noPlanYet(bare) : (await writePlan(env)).markdown;
  mkdirSync(dirname(planFile(env)), { recursive: true });
  writeFileSync(planFile(env), markdown);
  runner.summary(shorten(defuse(markdown), SUMMARY_LIMIT, '`./proctor plan` prints all of it.'));
}

const noPlanYet = (why: string) =>
  `## No plan yet\n\n${why}. The deploy prepares it first, if the catalogue says how (\`host\`), then plans, under the same policy.\n`;
