import { isLive } from './dirty';
import { newTask } from './new-task';
import { beyond, isGlobal, jobOf, type ServiceRecord, type TaskRecord } from './records';
import type { Term } from './term';

/** A task that is to start later. */
export interface Delay {
  /** Calls back once it is over, or at once where it is. */
  onDone(done: () => void): void;
}

interface Pending extends Delay {
  cancel(): void;
  waiter: boolean;
}

/** restart.go, defaultOldTaskTimeout. */
const OLD_TASK_MS = 60_000;
/** api/defaults/service.go. */
const DEFAULT_DELAY_MS = 5_000;

export const restartDelayMs = (task: TaskRecord): number => {
  const delay = task.template.RestartPolicy?.Delay;
  return delay === undefined ? DEFAULT_DELAY_MS : delay / 1e6;
};

/** manager/orchestrator/restart/restart.go: a new task in place of one that ended. */
export class Restarts {
  private readonly delays = new Map<string, Pending>();
  /** historyByService: of each slot how often, and for which version of the specification. */
  private readonly counts = new Map<string, { specVersion: number; total: number }>();

  constructor(private readonly term: Term) {}

  /** Restart. To be called within a commit. */
  restart(service: ServiceRecord, task: TaskRecord): void {
    const { store } = this.term;
    const waits = this.delays.get(task.id);
    if (waits) {
      // waitRestart: no tight loop where the task fails before it was to start.
      if (!waits.waiter) {
        waits.waiter = true;
        waits.onDone(() => this.term.after(0, () => this.again(task.id)));
      }
      return;
    }
    store.putTask({ ...task, desired: 'shutdown' });
    if (!this.shouldRestart(task, service)) return;
    const node = task.nodeId ? store.nodes.get(task.nodeId) : undefined;
    const place = isGlobal(service.spec) ? { slot: 0, nodeId: task.nodeId } : { slot: task.slot };
    const created = store.putTask(newTask(store, service, place, 'ready'));
    this.count(created);
    const delay = node?.availability === 'drain' ? 0 : restartDelayMs(task);
    const waitStop = node?.state !== 'down' && !beyond(task.status.state, 'running');
    this.delayStart(task, created.id, delay, waitStop);
  }

  private again(taskId: string): void {
    const { store } = this.term;
    const task = store.tasks.get(taskId);
    const service = task && store.services.get(task.serviceId);
    if (task && service && isLive(task)) store.commit(() => this.restart(service, task));
  }

  /** shouldRestart. A window of the policy is not modelled. */
  shouldRestart(task: TaskRecord, service: ServiceRecord): boolean {
    const { Condition = 'any', MaxAttempts = 0 } = task.template.RestartPolicy ?? {};
    if (Condition === 'none') return false;
    const ends = Condition === 'on-failure' || jobOf(service.spec) !== undefined;
    if (ends && task.status.state === 'complete') return false;
    if (MaxAttempts === 0) return true;
    const known = this.counts.get(slotKey(task));
    if (!known || known.specVersion !== task.specVersion) return true;
    return known.total < MaxAttempts;
  }

  /** RecordRestartHistory. */
  count(task: TaskRecord): void {
    if (!task.template.RestartPolicy?.MaxAttempts) return;
    const known = this.counts.get(slotKey(task));
    const total = known?.specVersion === task.specVersion ? known.total + 1 : 1;
    this.counts.set(slotKey(task), { specVersion: task.specVersion, total });
  }

  /** UpdatableTasksInSlot. */
  updatable(slot: readonly TaskRecord[], service: ServiceRecord): TaskRecord[] {
    const live = slot.filter(isLive);
    if (live.length > 0) return live;
    if (service.updateStatus?.state === 'rollback_started') return [];
    const newest = [...slot].sort((a, b) => statusTime(b) - statusTime(a))[0];
    return newest && !this.shouldRestart(newest, service) ? [newest] : [];
  }

  /** DelayStart: a task goes on from ready once the delay is over and the one that it replaces has stopped. */
  delayStart(old: TaskRecord | undefined, taskId: string, delayMs: number, waitStop: boolean): Delay {
    const { term } = this;
    this.delays.get(taskId)?.cancel();
    const waiting: (() => void)[] = [];
    let ended = false;
    let stopped = !(waitStop && old && !beyond(old.status.state, 'running'));
    let delayed = delayMs > 0;
    const end = (start: boolean) => {
      if (ended) return;
      ended = true;
      unwatch();
      if (start) this.startNow(taskId);
      if (this.delays.get(taskId) === made) this.delays.delete(taskId);
      for (const done of waiting) done();
    };
    const look = () => {
      if (stopped && !delayed) end(true);
    };
    const unwatch = stopped
      ? () => undefined
      : term.watch((change) => {
          const ends =
            (change.kind === 'task' &&
              change.what === 'update' &&
              change.now.id === old!.id &&
              beyond(change.now.status.state, 'running')) ||
            (change.kind === 'node' && change.now.id === old!.nodeId && change.now.state === 'down');
          if (!ends) return;
          stopped = true;
          look();
        });
    const made: Pending = {
      onDone: (done) => (ended ? done() : waiting.push(done)),
      cancel: () => end(false),
      waiter: false,
    };
    this.delays.set(taskId, made);
    if (delayMs > 0)
      term.after(delayMs, () => {
        delayed = false;
        look();
      });
    if (!stopped)
      term.after(OLD_TASK_MS, () => {
        stopped = true;
        look();
      });
    // The caller's transaction is committed before the goroutine gets to its own.
    if (stopped && !delayed) term.after(0, look);
    return made;
  }

  /** StartNow. */
  startNow(taskId: string): void {
    const { store } = this.term;
    const task = store.tasks.get(taskId);
    if (task?.desired !== 'ready') return;
    const desired = task.jobIteration === undefined ? 'running' : 'complete';
    store.commit(() => store.putTask({ ...task, desired }));
  }

  cancel(taskId: string): void {
    this.delays.get(taskId)?.cancel();
  }

  forget(serviceId: string): void {
    for (const key of this.counts.keys()) if (key.startsWith(`${serviceId} `)) this.counts.delete(key);
  }
}

const slotKey = (task: TaskRecord): string => `${task.serviceId} ${task.slot > 0 ? task.slot : task.nodeId}`;

/** manager/orchestrator/task.go, taskTimestamp. */
export const statusTime = (task: TaskRecord): number => task.status.appliedAt ?? task.status.timestamp;
