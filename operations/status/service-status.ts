import { parseImage } from '../../constructs/units';
import type { Service, Task } from '../docker/answers';
import {
  deployBegan,
  hasFailed,
  isRunning,
  isWanted,
  type Snapshot,
  since,
  slotOf,
  wantedTasks,
} from '../docker/snapshot';
import { shortDigest } from '../images/same-image';
import { likelyCause } from '../rollout/cause';
import { saysFailed } from '../rollout/resume';
import { slotsOf } from '../rollout/slots';
import type { Health, RolloutStatus, ServiceStatus } from './model';
import { failsAgain } from './unwell';

const HOUR_MS = 3_600_000;
/** Docker's default for the ended tasks it keeps of each slot. */
export const HISTORY = 5;

/** What the node's containers say of their health checks, by task id. */
export type TaskHealth = ReadonlyMap<string, 'healthy' | 'unhealthy' | 'starting'>;

export function assessService(
  snapshot: Snapshot,
  stack: string,
  taskHealth: TaskHealth,
  history = HISTORY,
): ServiceStatus {
  const { service, tasks, now } = snapshot;
  const name = service.Spec.Name ?? service.ID;
  const desired = wantedTasks(snapshot);
  const alive = tasks.filter((task) => isWanted(task) && isRunning(task));
  const sound = alive.filter((task) => taskHealth.get(task.ID) !== 'unhealthy');
  const running = new Set(sound.map(slotOf)).size;
  const restarts = restartsOf(tasks, now, history);
  const rollout = rolloutOf(service);
  // What was stopped on purpose is no fault any more.
  const again = desired === 0 ? undefined : failsAgain(snapshot);
  const failed = restarts.lastHour > 0;
  const health = healthOf({ running, desired, alive, taskHealth, failed, again: again !== undefined });
  return {
    name: name.startsWith(`${stack}_`) ? name.slice(stack.length + 1) : name,
    ok: ['healthy', 'running', 'off'].includes(health) && !rollout.failed,
    running,
    desired,
    health,
    rollout,
    restarts,
    upToDate: slotsOf(snapshot).running,
    image: imageOf(service.Spec.TaskTemplate.ContainerSpec?.Image ?? ''),
    since: alive.length === 0 ? null : new Date(Math.min(...alive.map(since))).toISOString(),
    problem:
      running < desired
        ? missing(snapshot, alive, taskHealth)
        : again
          ? repeated(again, snapshot)
          : failedRollout(snapshot, rollout),
  };
}

interface Seen {
  readonly running: number;
  readonly desired: number;
  readonly alive: readonly Task[];
  readonly taskHealth: TaskHealth;
  readonly failed: boolean;
  readonly again: boolean;
}

function healthOf({ running, desired, alive, taskHealth, failed, again }: Seen): Health {
  if (desired === 0) return 'off';
  if (running >= desired) {
    if (again) return 'degraded';
    return alive.every((task) => taskHealth.get(task.ID) === 'healthy') ? 'healthy' : 'running';
  }
  const unhealthy = alive.some((task) => taskHealth.get(task.ID) === 'unhealthy');
  if (!failed && !unhealthy) return 'starting';
  return running === 0 ? 'down' : 'degraded';
}

function restartsOf(tasks: readonly Task[], now: number, history: number): ServiceStatus['restarts'] {
  const recent = (task: Task) => now - since(task) < HOUR_MS;
  const failed = tasks.filter((task) => hasFailed(task) && recent(task));
  const forgets = (slot: string) => {
    const ended = tasks.filter((task) => !isWanted(task) && slotOf(task) === slot);
    return ended.length >= history && ended.every(recent);
  };
  return { lastHour: failed.length, atLeast: [...new Set(failed.map(slotOf))].some(forgets) };
}

function rolloutOf(service: Service): RolloutStatus {
  const { CreatedAt, UpdatedAt, PreviousSpec } = service;
  // Docker's type for it leaves out when it ended.
  const update = service.UpdateStatus as (Service['UpdateStatus'] & { CompletedAt?: string }) | undefined;
  const iso = (time: string) => new Date(time).toISOString();
  if (!update?.State) {
    return PreviousSpec
      ? { state: 'changed', at: iso(UpdatedAt), failed: false, message: null }
      : { state: 'created', at: iso(CreatedAt), failed: false, message: null };
  }
  const tidied = !PreviousSpec && update.State === 'completed';
  return {
    state: tidied ? 'rollback_completed' : update.State,
    at: iso(update.CompletedAt ?? update.StartedAt ?? UpdatedAt),
    failed: saysFailed(service),
    message: tidied ? 'rollback completed' : (update.Message ?? null),
  };
}

function missing(
  { service, tasks }: Snapshot,
  alive: readonly Task[],
  taskHealth: TaskHealth,
): string | null {
  const sick = alive.find((task) => taskHealth.get(task.ID) === 'unhealthy');
  if (sick) return `task ${slotOf(sick)} is unhealthy`;
  const stuck = latest(tasks.filter((task) => isWanted(task) && !isRunning(task) && task.Status.Err));
  const culprit = stuck ?? latest(tasks.filter(hasFailed));
  return culprit ? tell(culprit, service) : null;
}

/** All run at this moment, between two ends. */
function repeated(again: string, { tasks, service }: Snapshot): string {
  const last = latest(tasks.filter(hasFailed));
  return last ? `${again}: ${tell(last, service)}` : again;
}

/** The old version serves, so nothing is missing, but the new one did not make it. */
function failedRollout(snapshot: Snapshot, { state, failed }: RolloutStatus): string | null {
  if (!failed && state !== 'updating') return null;
  const began = deployBegan(snapshot);
  const culprit = latest(
    snapshot.tasks.filter((task) => hasFailed(task) && Date.parse(task.CreatedAt) >= began),
  );
  return culprit ? tell(culprit, snapshot.service) : null;
}

const latest = (list: readonly Task[]): Task | undefined => [...list].sort((a, b) => since(b) - since(a))[0];

function tell(task: Task, service: Service): string {
  const { State, Err, Message } = task.Status;
  const said = Err ?? Message;
  const cause = likelyCause(task, service.Spec);
  return `task ${slotOf(task)} ${State}${said ? `, "${said}"` : ''}${cause ? `: ${cause}` : ''}`;
}

function imageOf(reference: string): ServiceStatus['image'] {
  const { tag, digest } = parseImage(reference);
  return {
    reference,
    tag: tag ?? (digest ? null : 'latest'),
    digest: digest === undefined ? null : shortDigest(reference),
  };
}
