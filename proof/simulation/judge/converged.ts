import type { Played } from '../history/played';
import { of } from '../scenario/ingredients';
import { isLive, isTaskDirty, nodeMatches } from '../swarm/dirty';
import { isReplicated, replicasOf, type ServiceRecord, type TaskRecord } from '../swarm/records';
import { essence, hasFailed, type Life, newLives, nodesAt, serviceAt, tasksAt } from './truth';

/** The gate reads the manager's clock from a header of whole seconds, and Swarm writes in batches. */
const TOLERANCE_MS = 1_500;

/** Why "converged" is not true; empty where it is. */
export function againstConverged(played: Played): string[] {
  const { told, planned, scenario } = played;
  const service = serviceAt(played, told.service);
  if (!service) return ['there is no service'];
  const found: string[] = [];
  // Run alone, the gate takes what it saw first for the plan.
  const plan = of(scenario, 'alone') ? serviceAt(played, played.firstLook)?.spec : planned;
  if (essence(service.spec) !== essence(plan ?? planned)) found.push('the service is not what was planned');
  const state = service.updateStatus?.state;
  if (state === 'updating' || state === 'rollback_started') found.push(`Swarm is still ${state}`);
  const { good, live, places, wanted } = slotsOf(played, service);
  if (good.length !== live.length || places !== wanted || good.length !== wanted) {
    found.push(`${places} of ${wanted} slots run what was planned, ${live.length} tasks are wanted`);
  }
  return [...found, ...unobserved(played, good), ...crashedBefore(played, service)];
}

/** The slots as they were when the gate looked last. */
export function slotsOf(played: Played, service: ServiceRecord) {
  const { told, planned } = played;
  const current = serviceAt(played, told.current) ?? service;
  const nodes = nodesAt(played, told.current);
  const live = tasksAt(played, told.tasks).filter(isLive);
  const good = live.filter((task) => {
    const node = task.nodeId ? nodes.get(task.nodeId) : undefined;
    return task.status.state === 'running' && !isTaskDirty(current, task, node);
  });
  const places = new Set(good.map(placeOf)).size;
  const wanted = isReplicated(planned) ? replicasOf(planned) : globalPlaces(played, live);
  return { good, live, places, wanted };
}

const placeOf = (task: TaskRecord): string => (task.slot > 0 ? String(task.slot) : (task.nodeId ?? ''));

/**
 * Nodes on which a global service has to run. Where its restart policy ends, reconcileOneNode makes no task on a node that
 * is back, so that only those count where one runs or was given up; and of torn answers none tells of the nodes.
 */
function globalPlaces(played: Played, live: readonly TaskRecord[]): number {
  const { planned, told } = played;
  const torn = played.scenario.ingredients.some(
    (one) => one.kind === 'trouble' && one.trouble.kind === 'stale',
  );
  if (torn || (planned.TaskTemplate.RestartPolicy?.Condition ?? 'any') !== 'any') {
    const failed = newLives(played, told.tasks).filter((life) => hasFailed(life) && !life.told);
    return new Set([...live, ...failed.map(({ task }) => task)].map(placeOf)).size;
  }
  return [...nodesAt(played, told.tasks).values()].filter(
    (node) =>
      node.availability === 'active' && node.state !== 'down' && nodeMatches(planned.TaskTemplate, node),
  ).length;
}

/** New tasks were to run for a time without one that fails. */
function unobserved(played: Played, good: readonly TaskRecord[]): string[] {
  const { told, limits, scenario } = played;
  const end = told.tasks;
  // Where clocks or answers are off by so much, so is what can be known.
  const off =
    Math.max(0, ...scenario.ingredients.map((one) => (one.kind === 'leader' ? Math.abs(one.clock) : 0))) +
    Math.max(0, ...scenario.ingredients.map((one) => (one.kind === 'trouble' ? (one.trouble.ms ?? 0) : 0)));
  const from = end - limits.observeSeconds * 1000 + TOLERANCE_MS + 2 * off;
  const mine = inLivingSlots(played, newLives(played, end));
  const failed = mine.filter(
    (life) => hasFailed(life) && !life.told && life.endedAt! > from && couldBeSeen(life),
  );
  const ids = new Set(good.map(({ id }) => id));
  const young = mine.filter(({ task, ranAt }) => ids.has(task.id) && ranAt !== undefined && ranAt > from);
  return [
    ...failed.map(({ task }) => `task ${task.id} failed within the observation`),
    // A gate that began after an update which needed no task of this deploy saw nothing new.
    ...(of(scenario, 'alone') ? [] : young.map(({ task }) => `task ${task.id} was not observed`)),
  ];
}

/** Where the cluster keeps no history, a task that fails may be forgotten before anybody looks again. */
const couldBeSeen = ({ endedAt = 0, goneAt }: Life): boolean =>
  goneAt === undefined || goneAt - endedAt > 1_000;

/** What hides a crash from the gate, or is its excuse. */
const EXCUSES = ['trouble', 'engine', 'leader', 'foreign', 'alone'];
/** The gate looks every 0.7 s. */
const SEEN_MS = 1_500;

/** After an update a new task that ran and then ended by itself is a failure at once, replaced or not. */
function crashedBefore(played: Played, { updateStatus, spec }: ServiceRecord): string[] {
  const { scenario, told, watchedFrom, changes } = played;
  const excused = scenario.ingredients.some(({ kind }) => EXCUSES.includes(kind));
  if (!updateStatus || !changes || excused || spec.UpdateConfig?.FailureAction === 'continue') return [];
  return inLivingSlots(played, newLives(played, told.tasks))
    .filter((life) => hasFailed(life) && !life.told && couldBeSeen(life))
    .filter(
      ({ ranAt = Number.POSITIVE_INFINITY, endedAt = 0 }) =>
        endedAt - Math.max(ranAt, watchedFrom) > SEEN_MS && told.tasks - endedAt > SEEN_MS,
    )
    .map(({ task }) => `task ${task.id} ran and then crashed`);
}

/** What became of a slot that is no more says nothing. */
function inLivingSlots(played: Played, some: readonly Life[]): Life[] {
  const living = new Set(
    tasksAt(played, played.told.tasks)
      .filter(isLive)
      .map(({ slot }) => slot),
  );
  return some.filter(({ task }) => task.slot === 0 || living.has(task.slot));
}
