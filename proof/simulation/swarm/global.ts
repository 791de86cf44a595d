import { isLive, isTaskDirty, nodeMatches } from './dirty';
import { newTask } from './new-task';
import { beyond, isGlobal, type NodeRecord, type ServiceRecord, type TaskRecord } from './records';
import { removeTasks } from './replicated';
import type { Restarts } from './restarts';
import type { Change } from './store';
import type { Term } from './term';
import type { Updates } from './updates';

/** manager/orchestrator/global/global.go: one task on each node that fits. */
export class Global {
  private readonly toRestart = new Set<string>();

  constructor(
    private readonly term: Term,
    private readonly restarts: Restarts,
    private readonly updates: Updates,
  ) {}

  /** Run, until its loop. */
  begin(): void {
    const { store } = this.term;
    const services = [...store.services.values()].filter((service) => isGlobal(service.spec));
    for (const task of store.tasks.values()) this.fix(task);
    this.tick();
    for (const service of services) this.reconcile(service);
    this.term.watch((change) => this.hear(change));
  }

  private hear(change: Change): void {
    if (change.kind === 'service') this.onService(change.what, change.now);
    else if (change.kind === 'node') this.onNode(change.now.id);
    else if (change.kind === 'task' && change.what === 'update') this.onTask(change.now);
    this.tick();
  }

  private onService(what: string, service: ServiceRecord): void {
    if (!isGlobal(service.spec)) return;
    if (what === 'delete') {
      removeTasks(this.term, service.id);
      this.restarts.forget(service.id);
      return;
    }
    const present = this.term.store.services.get(service.id);
    if (present) this.reconcile(present);
  }

  private serviceOf(task: TaskRecord): ServiceRecord | undefined {
    const service = this.term.store.services.get(task.serviceId);
    return service && isGlobal(service.spec) ? service : undefined;
  }

  /** FixTask */
  private fix(task: TaskRecord): void {
    if (!this.serviceOf(task) || !isLive(task)) return;
    if (this.usable().every(({ id }) => id !== task.nodeId)) this.shutdown([task]);
    else this.onTask(task);
  }

  /** handleTaskChange */
  private onTask(task: TaskRecord): void {
    if (isLive(task) && beyond(task.status.state, 'running') && this.serviceOf(task))
      this.toRestart.add(task.id);
  }

  /** updateNode: neither drained nor down. */
  private usable(): NodeRecord[] {
    return [...this.term.store.nodes.values()].filter(
      (node) => node.availability !== 'drain' && node.state !== 'down',
    );
  }

  private tick(): void {
    if (this.toRestart.size === 0) return;
    const { store } = this.term;
    const ids = [...this.toRestart];
    this.toRestart.clear();
    store.commit(() => {
      for (const id of ids) {
        const task = store.tasks.get(id);
        const service = task && this.serviceOf(task);
        if (!task || !service || !isLive(task)) continue;
        const node = this.usable().find((one) => one.id === task.nodeId);
        if (!node) continue;
        if (node.availability === 'pause' || !nodeMatches(service.spec.TaskTemplate, node)) {
          store.putTask({ ...task, desired: 'shutdown' });
        } else this.restarts.restart(service, task);
      }
    });
  }

  /** reconcileServices */
  private reconcile(service: ServiceRecord): void {
    const { store } = this.term;
    const byNode = this.updatable(service, store.tasksOf(service.id));
    const updates: TaskRecord[][] = [];
    store.commit(() => {
      for (const node of this.usable()) {
        const tasks = byNode.get(node.id) ?? [];
        byNode.delete(node.id);
        if (!nodeMatches(service.spec.TaskTemplate, node)) this.shutdown(tasks);
        else if (node.availability === 'pause') continue;
        else if (tasks.length === 0) store.putTask(newTask(store, service, { slot: 0, nodeId: node.id }));
        else updates.push(tasks);
      }
      for (const tasks of byNode.values()) this.shutdown(tasks);
    });
    if (updates.length > 0) this.updates.update(service, updates);
  }

  private updatable(service: ServiceRecord, all: readonly TaskRecord[]): Map<string, TaskRecord[]> {
    const byNode = new Map<string, TaskRecord[]>();
    for (const task of all) byNode.set(task.nodeId ?? '', [...(byNode.get(task.nodeId ?? '') ?? []), task]);
    for (const [node, tasks] of byNode) {
      const updatable = this.restarts.updatable(tasks, service);
      if (updatable.length > 0) byNode.set(node, updatable);
      else byNode.delete(node);
    }
    return byNode;
  }

  /** reconcileOneNode */
  private onNode(id: string): void {
    const { store } = this.term;
    const there = [...store.tasks.values()].filter((task) => task.nodeId === id && this.serviceOf(task));
    const node = this.usable().find((one) => one.id === id);
    store.commit(() => {
      if (!node) return this.shutdown(there);
      if (node.availability === 'pause') return;
      for (const service of store.services.values()) {
        if (!isGlobal(service.spec) || !nodeMatches(service.spec.TaskTemplate, node)) continue;
        const own = there.filter((task) => task.serviceId === service.id);
        const tasks = this.updatable(service, own).get(id) ?? [];
        const clean = tasks.filter((task) => !isTaskDirty(service, task, node));
        if (clean.length === 0) store.putTask(newTask(store, service, { slot: 0, nodeId: id }));
        this.shutdown(tasks.filter((task) => !clean.includes(task)));
        this.shutdown(clean.slice(1));
      }
    });
  }

  private shutdown(tasks: readonly TaskRecord[]): void {
    const { store } = this.term;
    store.commit(() => {
      for (const { id } of tasks) {
        const task = store.tasks.get(id);
        if (task && !beyond(task.desired, 'running')) store.putTask({ ...task, desired: 'shutdown' });
      }
    });
  }
}
