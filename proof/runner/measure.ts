import { availableParallelism, loadavg } from 'node:os';
import type { LoadPlan } from '../load/plan';
import type { LoadResult } from '../load/tally';
import { underLoad } from '../load/under-load';
import type { Bench } from '../platform/bench';
import { changed } from '../platform/patch';
import type { Place, Report, Scenario, Step, Values } from './scenario';

export interface Measured {
  readonly scenario: Scenario;
  readonly load: LoadResult;
  /** Processes of this machine that wanted a core, for each core, over the last minute. */
  readonly busy: number;
  /** Seconds of all deploys under load. */
  readonly seconds: number;
  /** One for each step. */
  readonly ends: readonly StepEnd[];
  readonly reports: readonly Report[];
}

/** How a deploy ended. */
export interface StepEnd {
  /** What it said, where it failed. */
  readonly failure?: string | undefined;
  /** It was cut off. @default false */
  readonly cut?: boolean;
}

/** Deploys a scenario's steps under load. @throws Error when it cannot be prepared; a failing step is in the result */
export async function measure(place: Place, scenario: Scenario, plan: LoadPlan): Promise<Measured> {
  const { bench } = place;
  const { before } = scenario;
  await scenario.prepare?.(bench);
  if (before?.values) bench.give(before.values({ first: bench.target.secrets, now: bench.target.secrets }));
  if (before) await bench.deploy(changed({}, before.change ?? {}));
  await bench.settle();
  const first = bench.target.secrets;
  const { result, load, seen, seconds } = await underLoad(
    {
      plan,
      watches: (scenario.watches ?? []).map((watch) => watch(place)),
      before: 2,
      after: scenario.after ?? 3,
    },
    async () => {
      const ends: StepEnd[] = [];
      for (const step of scenario.steps) ends.push(await deployStep(bench, step, first));
      return ends;
    },
  );
  const busy = (loadavg()[0] ?? 0) / availableParallelism();
  return { scenario, load, seconds, busy, ends: result, reports: seen };
}

async function deployStep(bench: Bench, step: Step, first: Values): Promise<StepEnd> {
  if (step.values) bench.give(step.values({ first, now: bench.target.secrets }));
  if (step.cut) bench.scissors.arm(step.cut);
  const failure = await bench.deploy(changed(bench.variant, step.change ?? {}), true).then(
    () => undefined,
    (error: Error) => error.message,
  );
  if (!step.cut) return { failure };
  const cut = await bench.scissors.done();
  if (cut) {
    bench.print(failure === undefined ? '  (it went on by itself)' : '  (cut off)');
    await bench.removeUnknown();
  }
  return { failure, cut };
}
