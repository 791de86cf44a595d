import type { Task } from '../docker/answers';
import { hasFailed, isRunning, newTasks, type Snapshot, since } from '../docker/snapshot';
import { NO_PULLS, type Pulls, withPulls } from './pulls';
import { isLeftPaused, isOlder } from './resume';

/** What one snapshot cannot tell: what was seen before it. Times are the manager's, in milliseconds. */
export interface History {
  /** The task template and the ports at first sight; they change only by an update or a rollback. */
  readonly firstTemplate: string;
  /** New tasks that were seen running. */
  readonly ran: ReadonlySet<string>;
  /** Failed new tasks, kept although Swarm forgets all but the last few of a slot. */
  readonly failed: ReadonlyMap<string, Task>;
  /** Since when every slot runs what it should, without a break. */
  readonly settledAt?: number;
  /** When that was so for the first time. */
  readonly settledOnce?: number;
  /** The connection was lost in these intervals. A daemon that restarts kills its tasks; that is not their failure. */
  readonly outages: readonly { readonly from: number; readonly to: number }[];
  /** We asked for the rollback that Swarm reports. */
  readonly ownRollback: boolean;
  /** At first sight Swarm had paused already; that is an earlier deploy's failure, not this one's. */
  readonly leftPaused: boolean;
  /** Failures before it are not this deploy's. @default all since the deploy began count */
  readonly countsFrom?: number;
  readonly pulls: Pulls;
}

/** After a restart the daemon reports for some seconds what became of its tasks. */
const AFTERMATH_MS = 20_000;

/** @param wholePast all failures since the last update count, for nobody deploys. @default false */
export function beginHistory(snapshot: Snapshot, wholePast = false): History {
  return {
    firstTemplate: templateOf(snapshot),
    ran: new Set(),
    failed: new Map(),
    outages: [],
    ownRollback: false,
    leftPaused: isLeftPaused(snapshot),
    pulls: NO_PULLS,
    ...((wholePast ? isLeftPaused : isOlder)(snapshot) ? { countsFrom: snapshot.now } : {}),
  };
}

/**
 * Adds what this snapshot shows.
 *
 * @param pullSeconds how long an image may be pulled for one slot
 */
export function remember(history: History, snapshot: Snapshot, settled: boolean, pullSeconds = 0): History {
  const mine = newTasks(snapshot);
  const ran = [...history.ran, ...mine.filter(isRunning).map((task) => task.ID)];
  const failed = mine.filter((task) => hasFailed(task) && !excused(history, task));
  const { settledAt: before, ...rest } = history;
  const settledAt = settled ? (before ?? snapshot.now) : undefined;
  return {
    ...rest,
    ran: new Set(ran),
    pulls: withPulls(history.pulls, snapshot, pullSeconds),
    failed: new Map([...history.failed, ...failed.map((task) => [task.ID, task] as const)]),
    ...(settledAt === undefined ? {} : { settledAt, settledOnce: history.settledOnce ?? settledAt }),
  };
}

/** The connection was away for a while; the observation starts over. */
export function rememberOutage(history: History, from: number, to: number): History {
  const { settledAt: _, ...rest } = history;
  const known = { ...rest, outages: [...history.outages, { from, to }] };
  // A daemon that stops may have reported the end of its tasks with its last words.
  return { ...known, failed: new Map([...history.failed].filter(([, task]) => !excused(known, task))) };
}

/** What was paused goes on by our update: from now on it is this deploy's. */
export function afterResume(history: History, snapshot: Snapshot): History {
  return { ...history, leftPaused: false, ran: new Set(), failed: new Map(), countsFrom: snapshot.now };
}

function excused(history: Pick<History, 'outages' | 'countsFrom'>, task: Task): boolean {
  const at = since(task);
  if (at < (history.countsFrom ?? Number.NEGATIVE_INFINITY)) return true;
  return history.outages.some(({ from, to }) => at >= from - 5_000 && at <= to + AFTERMATH_MS);
}

/** New tasks that ran and then ended by themselves. */
export const crashed = (history: History): Task[] =>
  [...history.failed.values()].filter((task) => history.ran.has(task.ID));

export const templateOf = ({ service }: Snapshot): string =>
  JSON.stringify([service.Spec.TaskTemplate, service.Spec.EndpointSpec]);
