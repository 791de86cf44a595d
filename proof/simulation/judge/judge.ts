import { machineReport, report } from '../../../operations/rollout/report';
import type { Result } from '../../../operations/rollout/watch';
import type { Played } from '../history/played';
import { ENOUGH_MS } from '../scenario/generate';
import { type Ingredient, of } from '../scenario/ingredients';
import { againstCauses } from './causes';
import { againstOutcome } from './outcomes';
import { againstStatus } from './status';
import { pullBound } from './truth';

/** All in which a verdict is not true; empty where simulation and product agree. */
export function disagreements(played: Played): string[] {
  const back = played.back ? disagreements(played.back).map((why) => `on the way back, ${why}`) : [];
  return [...ofVerdict(played), ...againstStatus(played), ...back];
}

function ofVerdict(played: Played): string[] {
  const { result, thrown } = played;
  if (!result && !thrown) return againstWords(played);
  if (!result) return [`the gate itself failed: ${thrown instanceof Error ? thrown.stack : String(thrown)}`];
  return [
    ...againstOutcome(played, result),
    ...againstCauses(played, result),
    ...againstDeadline(played, result),
    ...againstFailure(played, result),
    ...againstReport(result),
    ...againstWords(played),
  ].map((why) => `${result.outcome}: ${why}`);
}

/** Time for a look and for evidence, of which one silent answer may take 20 s. */
const LOOK_SECONDS = 5;
const ANSWERS = 12;

/** The deadline bounds the wait. Pulls come on top, and an action of our own starts the count again. */
function againstDeadline(played: Played, { seconds }: Result): string[] {
  const { scenario, limits, world, watchedFrom } = played;
  const slow = scenario.ingredients.map((one) =>
    one.kind !== 'trouble'
      ? 0
      : ['silent', 'mute'].includes(one.trouble.kind)
        ? 20
        : (2 * (one.trouble.ms ?? 0)) / 1000,
  );
  const own = world.asked.reduce((sum, { at }) => sum + Math.max(0, at - watchedFrom) / 1000, 0);
  const bound =
    limits.deadlineSeconds + pullBound(played) + own + LOOK_SECONDS + ANSWERS * Math.max(0, ...slow);
  return seconds <= bound ? [] : [`it took ${seconds} s, and the deadline is ${limits.deadlineSeconds} s`];
}

/** Ingredients that keep no deploy from going well. */
const HARMLESS = new Set<Ingredient['kind']>([
  ...(['replicas', 'global', 'parallelism', 'delay', 'monitor', 'ratio', 'action', 'stopFirst'] as const),
  ...(['health', 'grace', 'restartDelay', 'history', 'nodes', 'workerClock', 'ownClock'] as const),
  ...(['deploy', 'scaleTo', 'gateAfter', 'observe', 'slowStop', 'then', 'record'] as const),
]);

const isHarmless = (one: Ingredient): boolean =>
  HARMLESS.has(one.kind) || (one.kind === 'deadline' && one.ms >= ENOUGH_MS);

/** Where nothing went wrong the gate must say so. */
function againstFailure({ scenario, returns }: Played, { outcome, reason }: Result): string[] {
  const fine = !returns && scenario.ingredients.every(isHarmless) && !of(scenario, 'earlier');
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

/** What is said of the way to the engine has to have been so. */
function againstWords({ said, docker }: Played): string[] {
  const words = said.find((text) =>
    /has no leader|cannot be reached|does not answer|does not run/.test(text),
  );
  return words && docker.line.failures === 0 ? [`said "${words}", and every answer came`] : [];
}
