import { isLive, isTaskDirty } from './dirty';
import { newTask } from './new-task';
import { beyond, type Config, isReplicated, type ServiceRecord, type TaskRecord } from './records';
import type { Delay, Restarts } from './restarts';
import type { Term } from './term';
import { complete, failOf, startUpdate } from './update-status';

export type Slot = readonly TaskRecord[];

/** api/defaults/service.go. */
const MONITOR_MS = 5_000;

/** manager/orchestrator/update/updater.go: brings the slots of one service to its specification. */
export class Updater {
  private cancelled = false;
  /** An action was taken on failures: no further slot. */
  private stopped = false;
  private busy = 0;
  private pending: Slot[] = [];
  private total = 0;
  private monitoring = false;
  private readonly failed = new Set<string>();
  /** updatedTasks: when a task was seen running, undefined before. */
  private readonly updated = new Map<string, number | undefined>();
  private readonly config: Config;
  private readonly ends: (() => void)[] = [];

  constructor(
    private readonly term: Term,
    private readonly restarts: Restarts,
    readonly service: ServiceRecord,
    private readonly onDone: () => void,
  ) {
    const back = service.updateStatus?.state === 'rollback_started';
    this.config = (back ? service.spec.RollbackConfig : service.spec.UpdateConfig) ?? {};
  }

  cancel(): void {
    this.cancelled = true;
    for (const end of this.ends) end();
  }

  run(slots: readonly Slot[]): void {
    const { term, service } = this;
    const state = service.updateStatus?.state;
    if (state === 'paused' || state === 'rollback_paused') {
      this.onDone();
      return;
    }
    this.pending = slots.filter((slot) => slot.length > 1 || slot.some((task) => this.dirty(task)));
    this.total = this.pending.length;
    if (this.total === 0) {
      if (state === 'updating' || state === 'rollback_started') complete(term.store, service.id);
      this.onDone();
      return;
    }
    if (!state) startUpdate(term.store, service.id);
    if (this.config.FailureAction !== 'continue') this.watchFailures();
    const parallelism = this.config.Parallelism || this.total;
    for (let worker = 0; worker < parallelism; worker++) this.next();
  }

  /** A worker is free. */
  private next(): void {
    if (this.cancelled) return;
    const slot = this.stopped ? undefined : this.pending.shift();
    if (slot) {
      this.busy += 1;
      this.replace(slot);
      return;
    }
    if (this.busy > 0 || this.monitoring) return;
    if (this.stopped) {
      this.end();
      return;
    }
    this.monitoring = true;
    this.term.after(this.monitorAtEnd(), () => {
      if (this.cancelled || this.stopped) return;
      complete(this.term.store, this.service.id);
      this.end();
    });
  }

  private slotDone(): void {
    const delay = (this.config.Delay ?? 0) / 1e6;
    const free = () => {
      this.busy -= 1;
      this.next();
    };
    // Two goroutines: whether a failure or the free worker is heard first is open.
    this.term.after(delay > 0 ? delay : this.term.random.int(0, 1), free);
  }

  private end(): void {
    this.cancel();
    this.onDone();
  }

  private get monitorMs(): number {
    return this.config.Monitor === undefined ? MONITOR_MS : this.config.Monitor / 1e6;
  }

  private monitorAtEnd(): number {
    const delay = (this.config.Delay ?? 0) / 1e6;
    return delay >= this.monitorMs ? delay + 1000 : this.monitorMs;
  }

  private watchFailures(): void {
    const unwatch = this.term.watch((change) => {
      if (change.kind !== 'task' || change.what !== 'update') return;
      if (change.now.serviceId !== this.service.id || !beyond(change.now.status.state, 'running')) return;
      const { id } = change.now;
      this.term.after(this.term.random.int(0, 1), () => this.onFailure(id));
    });
    this.ends.push(unwatch);
  }

  private onFailure(taskId: string): void {
    if (this.cancelled || this.stopped || this.failed.has(taskId) || !this.updated.has(taskId)) return;
    const ran = this.updated.get(taskId);
    if (ran !== undefined && this.term.agenda.now - ran > this.monitorMs) return;
    this.failed.add(taskId);
    if (Math.fround(this.failed.size / this.total) <= Math.fround(this.config.MaxFailureRatio ?? 0)) return;
    this.stopped = true;
    failOf(this.term.store, this.service, this.config.FailureAction ?? 'pause', taskId);
    if (this.busy === 0) this.end();
  }

  /** worker */
  private replace(slot: Slot): void {
    const clean = slot.filter((task) => !this.dirty(task));
    const existing =
      clean.find((task) => task.desired === 'running') ?? clean.filter((task) => isLive(task)).at(-1);
    if (existing) this.useExisting(slot, existing);
    else this.update(slot);
  }

  /** updateTask */
  private update(slot: Slot): void {
    const { term, restarts, service } = this;
    const { store } = term;
    const first = slot[0]!;
    const place = isReplicated(service.spec)
      ? { slot: first.slot }
      : { slot: first.slot, nodeId: first.nodeId };
    const created = newTask(store, service, place, 'ready');
    this.updated.set(created.id, undefined);
    const startFirst = this.config.Order === 'start-first';
    // Where nothing of the slot can be shut down the whole batch is given up, the new task with it.
    if (!store.services.has(service.id) || (!startFirst && this.noneLeft(slot))) {
      this.slotDone();
      return;
    }
    let latest: TaskRecord | undefined;
    let started = false;
    const look = () => {
      if (this.cancelled || !started || !latest || beyond('running', latest.status.state)) return;
      unwatch();
      this.updated.set(created.id, term.agenda.now);
      if (startFirst && latest.status.state === 'running') store.commit(() => this.removeOld(slot));
      this.slotDone();
    };
    const unwatch = term.watch((change) => {
      if (change.kind !== 'task' || change.what !== 'update' || change.now.id !== created.id) return;
      latest = change.now;
      look();
    });
    this.ends.push(unwatch);
    let delay: Delay | undefined;
    store.commit(() => {
      store.putTask(created);
      const old = startFirst ? undefined : this.removeOld(slot);
      delay = restarts.delayStart(old, created.id, 0, !startFirst);
    });
    delay!.onDone(() => {
      started = true;
      look();
    });
  }

  /** useExistingTask */
  private useExisting(slot: Slot, existing: TaskRecord): void {
    const { store } = this.term;
    const others = slot.filter((task) => task !== existing);
    if (others.length === 0 && existing.desired === 'running') {
      this.slotDone();
      return;
    }
    if (others.length > 0 && this.noneLeft(others)) {
      this.slotDone();
      return;
    }
    let delay: Delay | undefined;
    store.commit(() => {
      const old = this.removeOld(others);
      if (existing.desired !== 'running') delay = this.restarts.delayStart(old, existing.id, 0, true);
    });
    if (delay) delay.onDone(() => this.cancelled || this.slotDone());
    else this.slotDone();
  }

  /** removeOldTasks: those of the slot as it was when the update began. */
  private removeOld(slot: Slot): TaskRecord | undefined {
    const { store } = this.term;
    let removed: TaskRecord | undefined;
    for (const original of slot.filter(isLive)) {
      const task = store.tasks.get(original.id);
      if (!task || !isLive(task)) continue;
      store.putTask({ ...task, desired: 'shutdown' });
      removed = original;
    }
    return removed;
  }

  private noneLeft(slot: Slot): boolean {
    const { tasks } = this.term.store;
    const live = slot.filter(isLive);
    return live.length > 0 && !live.some(({ id }) => tasks.has(id) && isLive(tasks.get(id)!));
  }

  private dirty(task: TaskRecord): boolean {
    const node = task.nodeId ? this.term.store.nodes.get(task.nodeId) : undefined;
    return isTaskDirty(this.service, task, node);
  }
}
