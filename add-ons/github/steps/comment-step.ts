import { existsSync, readFileSync } from 'node:fs';
import type { Shell } from '../../../contract/shell';
import { GitHub } from '../api/api';
import { upsertComment } from '../api/upsert';
import { pullRequestNumber } from '../runner/event';
import type { Runner } from '../runner/runner';
import { code } from '../text/markdown';
import { planFile } from './plan-step';

/** `PLAN_RESULT` is how the job that planned has ended. */
export async function commentPlan(env: Shell, runner: Runner): Promise<void> {
  const file = planFile(env);
  const there = env.PLAN_RESULT === 'success' && existsSync(file);
  const words = there
    ? readFileSync(file, 'utf8')
    : 'There is no plan: its job has failed. The page of the run says why; nothing was changed.';
  const body = `${words.trimEnd()}\n\n---\n${origin(env)}`;
  const done = await upsertComment(new GitHub(env), pullRequestNumber(env), 'plan', body);
  runner.say(`the comment was ${done}`);
}

/** Which commit a text is about, and where to read more. */
export function origin(env: Shell): string {
  const sha = (env.HEAD_SHA || env.GITHUB_SHA || '').slice(0, 10);
  return `Of commit ${code(sha || 'unknown')}, [run ${env.GITHUB_RUN_ID}](${runUrl(env)}).`;
}

export const runUrl = (env: Shell): string =>
  `${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`;
