import type { Appointment } from '../kernel/agenda';
import { counts, filter, type NodeInfo } from './filters';
import { beyond, type TaskRecord, type TaskStatus } from './records';
import type { Change } from './store';
import type { Term } from './term';

/** scheduler.go, commitDebounceGap and maxLatency. */
const GAP_MS = 50;
const LATENCY_MS = 1_000;
/** nodeinfo.go, monitorFailures and maxFailures. */
const FAILURES_MS = 300_000;
const MOST_FAILURES = 5;

/** manager/scheduler/scheduler.go: finds a node for each task that has none, and checks that of each that has. */
export class Scheduler {
  private readonly unassigned = new Set<string>();
  private readonly preassigned = new Set<string>();
  private readonly failures = new Map<string, number[]>();
  private tickRequired = false;
  private timer: Appointment | undefined;
  private since = 0;

  constructor(private readonly term: Term) {}

  begin(): void {
    for (const task of this.term.store.tasks.values()) this.onTask(task);
    this.tickRequired = true;
    this.schedule();
    this.term.watch((change) => this.hear(change));
  }

  private hear(change: Change): void {
    if (change.kind === 'commit') {
      this.debounce();
      return;
    }
    if (change.kind === 'node') this.tickRequired = true;
    if (change.kind !== 'task') return;
    if (change.what === 'delete') {
      if (change.now.nodeId && counts(change.now)) this.tickRequired = true;
      this.unassigned.delete(change.now.id);
      this.preassigned.delete(change.now.id);
    } else this.onTask(change.now);
  }

  private debounce(): void {
    const { term } = this;
    if (this.timer && term.agenda.now - this.since > LATENCY_MS) {
      this.fire();
      return;
    }
    if (this.timer) this.timer.work = undefined;
    else this.since = term.agenda.now;
    this.timer = term.after(GAP_MS, () => this.fire());
  }

  private fire(): void {
    if (this.timer) this.timer.work = undefined;
    this.timer = undefined;
    this.schedule();
  }

  /** createTask, updateTask */
  private onTask(task: TaskRecord): void {
    const { state } = task.status;
    if (state === 'new') return;
    if (beyond(state, 'running')) {
      this.unassigned.delete(task.id);
      this.preassigned.delete(task.id);
      this.tickRequired = true;
      if (task.nodeId && task.slot > 0 && (state === 'failed' || state === 'rejected')) this.remember(task);
    } else if (!task.nodeId) {
      this.unassigned.add(task.id);
      this.tickRequired = true;
    } else if (state === 'pending') this.preassigned.add(task.id);
  }

  private remember(task: TaskRecord): void {
    const key = `${task.nodeId} ${task.serviceId} ${task.specVersion}`;
    const recent = (this.failures.get(key) ?? []).filter((at) => this.term.agenda.now - at < FAILURES_MS);
    this.failures.set(key, [...recent, this.term.agenda.now]);
  }

  private schedule(): void {
    const { store } = this.term;
    if (this.preassigned.size === 0 && !(this.tickRequired && this.unassigned.size > 0)) {
      this.tickRequired = false;
      return;
    }
    store.commit(() => {
      const infos = this.infos();
      for (const id of [...this.preassigned]) this.fitNode(id, infos);
      if (!this.tickRequired) return;
      this.tickRequired = false;
      for (const id of [...this.unassigned]) this.place(id, infos);
    });
  }

  private infos(): NodeInfo[] {
    const { store } = this.term;
    const infos = [...store.nodes.values()].map((node) => ({ node, tasks: [] as TaskRecord[] }));
    const byId = new Map(infos.map((info) => [info.node.id, info]));
    for (const task of store.tasks.values()) {
      if (task.nodeId && counts(task)) byId.get(task.nodeId)?.tasks.push(task);
    }
    return infos;
  }

  /** taskFitNode: why not is told without the words "no suitable node". */
  private fitNode(id: string, infos: readonly NodeInfo[]): void {
    const task = this.term.store.tasks.get(id);
    const own = infos.find(({ node }) => node.id === task?.nodeId);
    if (!task || !own) return void this.preassigned.delete(id);
    const { fit, why } = filter(task, [own]);
    if (fit.length === 0) return void this.write(task, { ...task.status, err: why });
    this.preassigned.delete(id);
    const message = 'scheduler confirmed task can run on preassigned node';
    own.tasks.push(this.write(task, { state: 'assigned', message, timestamp: 0 }) ?? task);
  }

  private place(id: string, infos: readonly NodeInfo[]): void {
    const { store } = this.term;
    const task = store.tasks.get(id);
    this.unassigned.delete(id);
    if (!task || task.nodeId) return;
    const { fit, why } = filter(task, infos);
    const best = this.best(task, fit);
    if (best) {
      const status = { state: 'assigned', message: 'scheduler assigned task to node' } as const;
      const placed = { ...task, nodeId: best.node.id };
      best.tasks.push(store.putTask({ ...placed, status: { ...status, timestamp: store.now } }));
      return;
    }
    const service = store.services.get(task.serviceId);
    if (!service) return;
    // noSuitableNode: a task of an older specification is not tried again.
    if (service.specVersion > task.specVersion) {
      if (task.status.state === 'pending' && beyond(task.desired, 'complete')) {
        const { err: _, ...status } = task.status;
        this.write(task, { ...status, state: 'shutdown' });
      }
      return;
    }
    this.unassigned.add(id);
    this.write(task, { ...task.status, err: why ? `no suitable node (${why})` : 'no suitable node' });
  }

  /** nodeLess */
  private best(task: TaskRecord, fit: readonly NodeInfo[]): NodeInfo | undefined {
    const rank = ({ node, tasks }: NodeInfo): number => {
      const failed = this.failures.get(`${node.id} ${task.serviceId} ${task.specVersion}`)?.length ?? 0;
      const active = tasks.filter((other) => !beyond(other.desired, 'complete'));
      const own = active.filter((other) => other.serviceId === task.serviceId).length;
      return (
        (failed >= MOST_FAILURES ? failed * 1e6 : 0) + own * 1e3 + active.length + this.term.random.next() / 2
      );
    };
    let best: NodeInfo | undefined;
    let lowest = Number.POSITIVE_INFINITY;
    for (const info of fit) {
      const own = rank(info);
      if (own < lowest) [best, lowest] = [info, own];
    }
    return best;
  }

  private write(task: TaskRecord, status: TaskStatus): TaskRecord | undefined {
    const { store } = this.term;
    const same = task.status.state === status.state && task.status.err === status.err;
    return same ? undefined : store.putTask({ ...task, status: { ...status, timestamp: store.now } });
  }
}
