import type { Played } from '../history/play';
import { all, of } from '../scenario/ingredients';
import { isLive, isTaskDirty, nodeMatches } from '../swarm/dirty';
import { isReplicated, replicasOf, type TaskRecord } from '../swarm/records';
import { essence, hasFailed, newLives, serviceAt, tasksAt } from './truth';

/** The gate reads the manager's clock from a header of whole seconds, and Swarm writes in batches. */
const TOLERANCE_MS = 1_500;

/** Why "converged" is not true; empty where it is. */
export function againstConverged(played: Played): string[] {
  const { docker, world, planned, scenario } = played;
  // Run alone on answers that are old, the gate takes those for the plan.
  if (
    of(scenario, 'alone') &&
    all(scenario.ingredients, 'trouble').some(({ trouble }) => trouble.kind === 'stale')
  ) {
    return [];
  }
  const service = serviceAt(played, docker.told.service);
  if (!service) return ['there is no service'];
  const found: string[] = [];
  if (essence(service.spec) !== essence(planned)) found.push('the service is not what was planned');
  const state = service.updateStatus?.state;
  if (state === 'updating' || state === 'rollback_started') found.push(`Swarm is still ${state}`);
  const current = serviceAt(played, docker.told.tasks) ?? service;
  const live = tasksAt(played, docker.told.tasks).filter(isLive);
  const good = live.filter((task) => {
    const node = task.nodeId ? world.store.nodes.get(task.nodeId) : undefined;
    return task.status.state === 'running' && !isTaskDirty(current, task, node);
  });
  const places = new Set(good.map(placeOf)).size;
  const wanted = isReplicated(planned) ? replicasOf(planned) : globalPlaces(played);
  if (good.length !== live.length || places !== wanted || good.length !== wanted) {
    found.push(`${places} of ${wanted} slots run what was planned, ${live.length} tasks are wanted`);
  }
  return [...found, ...unobserved(played, good)];
}

const placeOf = (task: TaskRecord): string => (task.slot > 0 ? String(task.slot) : (task.nodeId ?? ''));

/** Nodes on which a global service has to run. */
function globalPlaces({ world, planned }: Played): number {
  return [...world.store.nodes.values()].filter(
    (node) =>
      node.availability === 'active' && node.state !== 'down' && nodeMatches(planned.TaskTemplate, node),
  ).length;
}

/** New tasks were to run for a time without one that fails. */
function unobserved(played: Played, good: readonly TaskRecord[]): string[] {
  const { docker, limits, scenario } = played;
  const end = docker.told.tasks;
  // Where clocks or answers are off by so much, so is what can be known.
  const off =
    Math.max(0, ...scenario.ingredients.map((one) => (one.kind === 'leader' ? Math.abs(one.clock) : 0))) +
    Math.max(0, ...scenario.ingredients.map((one) => (one.kind === 'trouble' ? (one.trouble.ms ?? 0) : 0)));
  const from = end - limits.observeSeconds * 1000 + TOLERANCE_MS + 2 * off;
  const mine = newLives(played, end);
  const failed = mine.filter((life) => hasFailed(life) && !life.told && life.endedAt! > from);
  const ids = new Set(good.map(({ id }) => id));
  const young = mine.filter(({ task, ranAt }) => ids.has(task.id) && ranAt !== undefined && ranAt > from);
  return [
    ...failed.map(({ task }) => `task ${task.id} failed within the observation`),
    // A gate that began after an update which needed no task of this deploy saw nothing new.
    ...(of(scenario, 'alone') ? [] : young.map(({ task }) => `task ${task.id} was not observed`)),
  ];
}
