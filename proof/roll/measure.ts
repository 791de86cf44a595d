import { availableParallelism, loadavg } from 'node:os';
import { sleep } from '../../lab/ground/shell';
import type { LoadPlan } from '../load/plan';
import { startLoad } from '../load/process';
import type { LoadResult } from '../load/tally';
import { Guests, type Stay } from './guests';
import type { Bench } from './platform';
import type { Variant } from './project';
import type { Change, Scenario } from './scenarios';

export interface Measured {
  readonly scenario: Scenario;
  readonly load: LoadResult;
  readonly stay?: Stay;
  /** Processes of this machine that wanted a core, for each core, over the last minute. */
  readonly busy: number;
  /** Seconds of all deploys under load. */
  readonly seconds: number;
  /** What the apply said, where it failed. */
  readonly failure?: string;
}

/** Applies a change to named patches. */
export function changed(variant: Variant, change: Change): Variant {
  const next: Record<string, Variant[string]> = { ...variant };
  for (const [name, patch] of Object.entries(change)) {
    if (patch) next[name] = patch;
    else delete next[name];
  }
  return next;
}

/** Deploys a scenario's steps under load. @throws Error when it cannot be prepared; a failing step is in the result */
export async function measure(
  bench: Bench,
  scenario: Scenario,
  plan: LoadPlan,
  from: readonly string[],
): Promise<Measured> {
  if (scenario.secondNginx) await bench.secondNginx();
  if (scenario.without) await bench.takeAway(scenario.without);
  if (scenario.before) await bench.deploy(changed({}, scenario.before));
  await bench.settle();
  const load = await startLoad(plan);
  const guests = scenario.guests ? new Guests(bench.door, from, scenario.guests) : undefined;
  await sleep(2);
  const start = Date.now();
  let failure: string | undefined;
  try {
    for (const step of scenario.steps) await bench.deploy(changed(bench.variant, step));
  } catch (error) {
    failure = (error as Error).message;
  }
  const seconds = (Date.now() - start) / 1000;
  await sleep(scenario.after ?? 3);
  const [result, stay] = await Promise.all([load.stop(), guests?.leave()]);
  return {
    ...{ scenario, load: result, seconds, busy: (loadavg()[0] ?? 0) / availableParallelism() },
    ...(stay ? { stay } : {}),
    ...(failure === undefined ? {} : { failure }),
  };
}

/** What is not as it should be, one line each. */
export function complaints({ scenario, load, stay, failure }: Measured): string[] {
  const list: string[] = [];
  const say = (line: string) => list.push(line);
  const { failing, apply = 'well' } = scenario;
  if (load.requests < 100) say(`only ${load.requests} requests: nothing was measured`);
  if (failing === 'none' && load.failed > 0) say(`${load.failed} requests failed, none may`);
  const gets = load.failed - load.failedPosts;
  if (failing === 'gets' && gets > 0) say(`${gets} GETs failed, none may`);
  if (failing === 'must' && load.failed === 0)
    say('a control in which nothing failed: failures are not seen');
  if (apply === 'badly' && failure === undefined) say('the apply succeeded, although the image is bad');
  if (apply === 'well' && failure !== undefined && failing !== 'must') say(`the apply failed: ${failure}`);
  if (!stay) return list;
  const abrupt = Object.entries(stay.closes).filter(([code]) => code !== '1001' && code !== '1012');
  if (!scenario.abruptCloses) {
    for (const [code, times] of abrupt) say(`${times} WebSockets were closed with ${code}`);
  }
  if (Object.keys(stay.closes).length === 0) say('no WebSocket was closed: none was rolled');
  if (stay.silent > 0) say(`${stay.silent} WebSockets were open and silent`);
  if (stay.refusedReconnects > 0) say(`${stay.refusedReconnects} times a WebSocket was not opened`);
  if (stay.longRequests === 0) say('no long request was sent');
  for (const line of stay.longFailed) say(`a 25 s request failed: ${line}`);
  return list;
}
