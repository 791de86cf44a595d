import { machineReport, report } from '../../../operations/rollout/report';
import type { Result } from '../../../operations/rollout/watch';
import type { Played } from '../history/play';
import { type Ingredient, of } from '../scenario/ingredients';
import { againstCauses } from './causes';
import { againstOutcome } from './outcomes';
import { pullBound } from './truth';

/** All in which a verdict is not true; empty where simulation and gate agree. */
export function disagreements(played: Played): string[] {
  const { result, thrown } = played;
  if (!result) return [`the gate itself failed: ${thrown instanceof Error ? thrown.stack : String(thrown)}`];
  return [
    ...againstOutcome(played, result),
    ...againstCauses(played, result),
    ...againstDeadline(played, result),
    ...againstFailure(played, result),
    ...againstReport(result),
  ].map((why) => `${result.outcome}: ${why}`);
}

/** Time for a look and for evidence, of which one silent answer may take 20 s. */
const LOOK_SECONDS = 5;
const ANSWERS = 12;

/** The deadline bounds the wait. Pulls come on top, and an action of our own starts the count again. */
function againstDeadline(played: Played, { seconds }: Result): string[] {
  const { scenario, limits, world, watchedFrom } = played;
  const slow = scenario.ingredients.map((one) =>
    one.kind !== 'trouble' ? 0 : one.trouble.kind === 'silent' ? 20 : (2 * (one.trouble.ms ?? 0)) / 1000,
  );
  const own = world.asked.reduce((sum, { at }) => sum + (at - watchedFrom) / 1000, 0);
  const bound =
    limits.deadlineSeconds + pullBound(played) + own + LOOK_SECONDS + ANSWERS * Math.max(0, ...slow);
  return seconds <= bound ? [] : [`it took ${seconds} s, and the deadline is ${limits.deadlineSeconds} s`];
}

/** Ingredients that keep no deploy from going well. */
const HARMLESS = new Set<Ingredient['kind']>([
  ...(['replicas', 'global', 'parallelism', 'delay', 'monitor', 'ratio', 'action', 'stopFirst'] as const),
  ...(['health', 'grace', 'restartDelay', 'history', 'nodes', 'workerClock', 'ownClock'] as const),
  ...(['deploy', 'scaleTo', 'gateAfter', 'observe', 'slowStop'] as const),
]);

/** Where nothing went wrong the gate must say so. */
function againstFailure({ scenario }: Played, { outcome, reason }: Result): string[] {
  const fine = scenario.ingredients.every(({ kind }) => HARMLESS.has(kind)) && !of(scenario, 'earlier');
  return fine && outcome !== 'converged' ? [`nothing went wrong: ${reason}`] : [];
}

/** The report can be written, whatever it was. */
function againstReport(result: Result): string[] {
  try {
    report(result, { host: 'ssh://root@vps.example', position: null });
    machineReport(result);
    return [];
  } catch (error) {
    return [`the report cannot be written: ${String(error)}`];
  }
}
