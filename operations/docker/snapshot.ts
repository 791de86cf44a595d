import type { Service, ServiceSpec, SwarmNode, Task } from './answers';

/** A service and its tasks at one moment. */
export interface Snapshot {
  readonly service: Service;
  /** With Swarm's history: about five ended tasks for each slot. */
  readonly tasks: readonly Task[];
  /** Ids of tasks on the service's present specification, as Swarm's own updater compares them. */
  readonly upToDate: ReadonlySet<string>;
  /** The manager's clock, milliseconds. Times in `tasks` are only ever compared with it, never with ours. */
  readonly now: number;
  /** When this deploy began as an earlier look showed it. @default - as this one shows it */
  readonly began?: number;
}

/** Tasks that an update adds, as it has more replicas, Swarm may make before it notes that the update has started. */
const ADDED_BEFORE_MS = 1_000;

/**
 * When this deploy began, by the manager's clock. Tasks made before are of an older deploy, and so are their failures.
 * `UpdatedAt` alone will not do: Swarm moves it with each step of the update.
 */
export function deployBegan({ service, began }: Snapshot): number {
  if (began !== undefined) return began;
  const started = service.UpdateStatus?.State ? service.UpdateStatus.StartedAt : undefined;
  if (started) return Date.parse(started) - ADDED_BEFORE_MS;
  return Date.parse(service.PreviousSpec ? service.UpdatedAt : service.CreatedAt);
}

/** Swarm gives it new tasks. */
export const takesTasks = ({ Spec, Status }: SwarmNode): boolean =>
  Spec?.Availability === 'active' && Status?.State === 'ready';

/** Undefined where Swarm counts none, as for a global service. */
export const replicasOf = ({ Mode }: ServiceSpec): number | undefined =>
  Mode?.Replicated ? (Mode.Replicated.Replicas ?? 1) : undefined;

export const isWanted = (task: Task): boolean =>
  task.DesiredState === 'running' || task.DesiredState === 'ready';
export const isRunning = (task: Task): boolean => task.Status.State === 'running';
/** Ended by itself; `shutdown` and `remove` are Swarm's doing. `complete` is a service that exited with 0. */
export const hasFailed = (task: Task): boolean =>
  ['failed', 'rejected', 'complete', 'orphaned'].includes(task.Status.State);
const ENDED = ['complete', 'shutdown', 'failed', 'rejected', 'remove', 'orphaned'];
/** Its program runs no more, and never will. */
export const hasEnded = ({ Status }: Pick<Task, 'Status'>): boolean => ENDED.includes(Status.State);
/**
 * Since when it is in its state, by the manager's clock: the manager notes when it was told. `Status.Timestamp` is the
 * worker's clock, which may be minutes off.
 */
export const since = (task: Task): number => Date.parse(task.UpdatedAt ?? task.Status.Timestamp);

/** Tasks that this deploy made on its own specification. */
export function newTasks(snapshot: Snapshot): Task[] {
  const began = deployBegan(snapshot);
  return snapshot.tasks.filter((t) => snapshot.upToDate.has(t.ID) && Date.parse(t.CreatedAt) >= began);
}

/** How many tasks Swarm is to keep: replicas, or as many as it chose for a global service. */
export function wantedTasks(snapshot: Snapshot): number {
  const { service, tasks } = snapshot;
  const replicas = replicasOf(service.Spec);
  if (replicas !== undefined) return replicas;
  const wanted = new Set(tasks.filter(isWanted).map((task) => task.NodeID));
  // Where every task is restarted, a node without one is drained or down.
  return wanted.size + (restartsAll(service) ? 0 : nodesGivenUp(snapshot, wanted).size);
}

const restartsAll = ({ Spec }: Service): boolean => {
  const { Condition = 'any', MaxAttempts = 0 } = Spec.TaskTemplate.RestartPolicy ?? {};
  return Condition === 'any' && MaxAttempts === 0;
};

/** Where a global service's last task of this deploy ended by itself and none takes its place, as the restart policy says. */
function nodesGivenUp(snapshot: Snapshot, wanted: ReadonlySet<string | undefined>): Set<string | undefined> {
  const failed = newTasks(snapshot).filter((task) => hasFailed(task) && !wanted.has(task.NodeID));
  return new Set(failed.map((task) => task.NodeID));
}

/** `2`, or the node of a global service's task. */
export const slotOf = (task: Task): string => (task.Slot ? String(task.Slot) : (task.NodeID ?? '?'));
