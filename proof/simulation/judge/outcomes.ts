import type { Result } from '../../../operations/rollout/watch';
import type { Played } from '../history/played';
import { all, of } from '../scenario/ingredients';
import { againstConverged, slotsOf } from './converged';
import { essence, hasFailed, type Life, newLives, serviceAt } from './truth';

/** Why an outcome is not true, decided by what had happened when it was told. */
export function againstOutcome(played: Played, result: Result): string[] {
  const { ingredients } = played.scenario;
  const stale = all(ingredients, 'trouble').some(({ trouble }) => trouble.kind === 'stale');
  // Run alone on answers that are old, the gate takes those for the plan.
  if (stale && of(played.scenario, 'alone')) return [];
  switch (result.outcome) {
    case 'converged':
      return againstConverged(played);
    case 'rolledBack':
      return againstRolledBack(played);
    case 'paused':
      return againstPaused(played);
    case 'superseded':
      return againstSuperseded(played);
    case 'unreachable':
      return played.docker.line.failures > 0 ? [] : ['unreachable, but every answer came'];
    case 'timedOut':
      return againstTimedOut(played, result);
  }
}

function againstRolledBack(played: Played): string[] {
  const { told, world, deployAt, planned, scenario } = played;
  const service = serviceAt(played, told.service);
  if (!service) return ['there is no service'];
  const found: string[] = [];
  const alone = of(scenario, 'alone') !== undefined;
  if (!alone && essence(service.spec) === essence(planned)) found.push('what was planned is still there');
  // One more update of the same specification, for a slot with two tasks, ends as "completed".
  const tidied = service.updateStatus?.state === 'completed' && !service.previousSpec;
  if (service.updateStatus?.state !== 'rollback_completed' && !tidied) {
    found.push(`Swarm says ${service.updateStatus?.state ?? 'nothing'}`);
  }
  const from = alone ? 0 : deployAt;
  const bySwarm = [...world.store.serviceLog.values()]
    .flat()
    .some(({ at, record }) => at >= from && /^update rolled back/.test(record?.updateStatus?.message ?? ''));
  if (!bySwarm && !world.asked.some(({ rollback }) => rollback)) found.push('nobody rolled anything back');
  return found;
}

/** Somebody may still be at it; a deploy goes on with what an older one left. */
const LEFT_MS = 62_000;

function againstPaused(played: Played): string[] {
  const { scenario, world, watchedFrom, told } = played;
  const service = serviceAt(played, told.service);
  const { state, startedAt = 0 } = service?.updateStatus ?? {};
  if (state !== 'paused' && state !== 'rollback_paused')
    return [`paused, but Swarm says ${state ?? 'nothing'}`];
  const planned = service !== undefined && essence(service.spec) === essence(played.planned);
  const left = planned && watchedFrom - startedAt > LEFT_MS && !of(scenario, 'alone') && !played.returns;
  const hindered = scenario.ingredients.some(({ kind }) => kind === 'trouble' || kind === 'leader');
  return left && !hindered && world.asked.length === 0 ? ['nobody had it go on'] : [];
}

function againstSuperseded(played: Played): string[] {
  const { told, world, planned, endedAt } = played;
  const found: string[] = [];
  if (!world.foreign.some(({ at }) => at <= endedAt)) found.push('nobody else did anything');
  const service = serviceAt(played, told.service);
  if (
    service &&
    essence(service.spec) === essence(planned) &&
    !world.foreign.some(({ what }) => what === 'remove')
  ) {
    found.push('superseded, but the service is what was planned');
  }
  return found;
}

/** Slots that refuse so often, or fail so often, are given up before the deadline. */
const REJECTIONS = 3;
const FAILURES = 5;

function againstTimedOut(played: Played, { reason, seconds }: Result): string[] {
  const mine = newLives(played, played.endedAt, 1_000);
  if (/keeps failing/.test(reason)) {
    const bySlot = new Map<string, Life[]>();
    for (const life of mine.filter(hasFailed)) {
      const slot = String(life.task.slot || life.task.nodeId);
      bySlot.set(slot, [...(bySlot.get(slot) ?? []), life]);
    }
    const hopeless = [...bySlot.values()].some(
      (all) => all.length >= FAILURES || all.filter(({ end }) => end === 'rejected').length >= REJECTIONS,
    );
    if (!hopeless) return ['no slot kept failing'];
    const service = serviceAt(played, played.told.service);
    const { good, live, wanted } = service ? slotsOf(played, service) : { good: [], live: [], wanted: 1 };
    return good.length === wanted && live.length === wanted
      ? ['it kept failing once, and every slot runs']
      : [];
  }
  if (/was healthy and then crashed/.test(reason)) {
    return mine.some((life) => hasFailed(life) && life.ranAt !== undefined)
      ? []
      : ['no task crashed that ran'];
  }
  const { deadlineSeconds } = played.limits;
  return seconds >= deadlineSeconds
    ? []
    : [`given up after ${seconds} s, before the deadline of ${deadlineSeconds} s`];
}
