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

/** Steps of the workflows in .github/workflows, one word each: `node build/run.mjs add-ons/github/steps/main.ts <step>`. */
const STEPS: Readonly<Record<string, (runner: Runner) => Promise<void> | void>> = {
  login: (runner) => login(runner, judgeEnvironment),
  'login-server': (runner) => login(runner, judgeServer),
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
  https: (runner) => checkHttps(process.env, runner),
  lock: (runner) => reportLock(process.env, runner),
  drift: (runner) => findDrift(process.env, runner),
  'drift-issue': (runner) => reportDrift(process.env, runner),
  remind: (runner) => remindOfDrift(process.env, runner),
};

/** All that is wrong at once, and nothing begun before it is mended. The argument is GitHub's environment. */
async function login(runner: Runner, judge: typeof judgeEnvironment): Promise<void> {
  const faults = judge(process.env, process.argv[3] ?? 'production');
  for (const fault of faults.slice(0, -1)) runner.fault(fault);
  const last = faults.at(-1);
  if (last) throw last;
  await startSsh(process.env, runner);
}

async function main(): Promise<number> {
  const runner = new Runner(process.env);
  const step = STEPS[process.argv[2] ?? ''];
  if (!step) {
    process.stderr.write(
      `usage: node build/run.mjs add-ons/github/steps/main.ts ${Object.keys(STEPS).join(' | ')}\n`,
    );
    return 64;
  }
  try {
    await step(runner);
    return 0;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    runner.fault(error);
    return 1;
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`the step itself failed: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 70;
  },
);
