import { requireCi } from '../api/passed-ci';
import { Fault } from '../runner/fault';
import { Runner } from '../runner/runner';
import { startSsh, stopSsh } from '../ssh/ssh';
import { commentPlan } from './comment-step';
import { findDrift } from './drift-step';
import { judgeEnvironment, judgeServer } from './environment-check';
import { checkHttps } from './https-step';
import { remindOfDrift, reportDrift } from './issue-step';
import { reportLock } from './lock-step';
import { planForDeploy, planForReview } from './plan-step';
import { resolveRollback } from './rollback-ref';
import { showSnapshotDifference } from './snapshot-step';

type Step = (runner: Runner, environment: string) => Promise<void> | void;

/** Steps of the workflows in .github/workflows, one word each. */
export const STEPS: Readonly<Record<string, Step>> = {
  login: (runner, environment) => login(runner, judgeEnvironment, environment),
  'login-server': (runner, environment) => login(runner, judgeServer, environment),
  logout: () => stopSsh(process.env),
  plan: (runner) => planForDeploy(process.env, runner),
  'plan-review': (runner) => planForReview(process.env, runner),
  comment: (runner) => commentPlan(process.env, runner),
  snapshot: (runner) => showSnapshotDifference(process.env, runner),
  ref: async (runner) => {
    const sha = await resolveRollback(process.cwd(), process.env.REF ?? '');
    runner.setOutput('sha', sha);
    runner.say(`back to ${sha}`);
  },
  ci: (runner) => requireCi(process.env, runner),
  https: (runner) => checkHttps(process.env, runner),
  lock: (runner) => reportLock(process.env, runner),
  drift: (runner) => findDrift(process.env, runner),
  'drift-issue': (runner) => reportDrift(process.env, runner),
  remind: (runner) => remindOfDrift(process.env, runner),
};

/** All that is wrong at once, and nothing begun before it is mended. @param environment GitHub's */
async function login(runner: Runner, judge: typeof judgeEnvironment, environment: string): Promise<void> {
  const faults = judge(process.env, environment);
  for (const fault of faults.slice(0, -1)) runner.fault(fault);
  const last = faults.at(-1);
  if (last) throw last;
  await startSsh(process.env, runner);
}

/** Resolves to the exit code. @param name one of `STEPS` */
export async function runStep(name: string, environment = 'production'): Promise<number> {
  const runner = new Runner(process.env);
  const step = STEPS[name];
  if (!step) throw new Error(`there is no step ${name}`);
  try {
    await step(runner, environment);
    return 0;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    runner.fault(error);
    return 1;
  }
}
