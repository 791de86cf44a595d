import type { Task } from '../docker/answers';
import {
  hasEnded,
  hasFailed,
  isRunning,
  isWanted,
  newTasks,
  type Snapshot,
  since,
  slotOf,
  wantedTasks,
} from '../docker/snapshot';
import type { History } from './history';

/** How the tasks that should run compare with those that do. */
export interface Slots {
  readonly wanted: number;
  /** On the present specification, running; with a health check that means healthy. */
  readonly running: number;
  /** Every slot runs the present specification and nothing else is wanted. */
  readonly allRunning: boolean;
  /** Wanted, not running yet. */
  readonly waiting: readonly Task[];
  /** Told to stop, still there. */
  readonly draining: readonly Task[];
  /** Seconds that the youngest new task has run, and none has failed; Infinity when this deploy made no task. */
  readonly ranFor: number;
}

export function slotsOf(snapshot: Snapshot): Slots {
  const wantedList = snapshot.tasks.filter(isWanted);
  const current = wantedList.filter((task) => snapshot.upToDate.has(task.ID) && isRunning(task));
  const wanted = wantedTasks(snapshot);
  const running = new Set(current.map(slotOf)).size;
  // One that failed need not have a younger one in its place: of two tasks in a slot Swarm keeps either.
  const young = newTasks(snapshot).filter((task) => (isWanted(task) && isRunning(task)) || hasFailed(task));
  return {
    wanted,
    running: Math.min(running, wanted),
    allRunning: running === wanted && wantedList.length === wanted && current.length === wanted,
    waiting: wantedList.filter((task) => !isRunning(task)),
    draining: snapshot.tasks.filter((task) => !isWanted(task) && !hasEnded(task)),
    ranFor: (snapshot.now - Math.max(Number.NEGATIVE_INFINITY, ...young.map(since))) / 1000,
  };
}

/** A missing image does not come by waiting: three refusals of one slot are enough. */
const REJECTIONS = 3;
/** A program that waits for another by exiting may succeed at last, so it gets more. */
const FAILURES = 5;

/** Tasks of a slot that keeps failing, so that waiting on is pointless; empty while there is hope. */
export function hopeless(history: History): Task[] {
  const bySlot = new Map<string, Task[]>();
  for (const task of history.failed.values()) {
    bySlot.set(slotOf(task), [...(bySlot.get(slotOf(task)) ?? []), task]);
  }
  for (const tasks of bySlot.values()) {
    const rejected = tasks.filter((task) => task.Status.State === 'rejected').length;
    if (rejected >= REJECTIONS || tasks.length >= FAILURES) return tasks.sort((a, b) => since(b) - since(a));
  }
  return [];
}
