import { isInvalid, isLive } from './dirty';
import { newTask } from './new-task';
import { beyond, isReplicated, replicasOf, type ServiceRecord, type TaskRecord } from './records';
import type { Restarts } from './restarts';
import type { Change } from './store';
import type { Term } from './term';
import type { Updates } from './updates';

/** manager/orchestrator/replicated: as many slots as a service says, and a new task for each that ended. */
export class Replicated {
  private readonly toReconcile = new Set<string>();
  private readonly toRestart = new Set<string>();

  constructor(
    private readonly term: Term,
    private readonly restarts: Restarts,
    private readonly updates: Updates,
  ) {}

  /** Run, until its loop. */
  begin(): void {
    const { store } = this.term;
    for (const task of store.tasks.values()) this.onTask(task);
    for (const service of store.services.values())
      if (isReplicated(service.spec)) this.toReconcile.add(service.id);
    this.tick();
    this.term.watch((change) => this.hear(change));
  }

  private hear(change: Change): void {
    if (change.kind === 'commit') {
      this.tick();
      return;
    }
    if (change.kind === 'node') {
      this.onNode(change.now.id);
      return;
    }
    if (change.kind === 'service') {
      this.onService(change.what, change.now);
      return;
    }
    if (change.what !== 'delete') {
      this.onTask(change.now);
      return;
    }
    if (isLive(change.now) && this.owns(change.now)) this.toReconcile.add(change.now.serviceId);
    this.restarts.cancel(change.now.id);
  }

  private owns(task: TaskRecord): boolean {
    const service = this.term.store.services.get(task.serviceId);
    return service !== undefined && isReplicated(service.spec);
  }

  /** handleNodeChange */
  private onNode(id: string): void {
    const { store } = this.term;
    if (!isInvalid(store.nodes.get(id))) return;
    for (const task of store.tasks.values()) {
      if (task.nodeId === id && isLive(task) && this.owns(task)) this.toRestart.add(task.id);
    }
  }

  /** handleServiceEvent */
  private onService(what: string, service: ServiceRecord): void {
    if (!isReplicated(service.spec)) return;
    if (what !== 'delete') {
      this.toReconcile.add(service.id);
      return;
    }
    removeTasks(this.term, service.id);
    this.restarts.forget(service.id);
    this.toReconcile.delete(service.id);
  }

  /** handleTaskChange, and FixTask at the beginning. */
  private onTask(task: TaskRecord): void {
    if (!isLive(task) || !this.owns(task)) return;
    const lost = task.nodeId !== undefined && isInvalid(this.term.store.nodes.get(task.nodeId));
    if (beyond(task.status.state, 'running') || lost) this.toRestart.add(task.id);
  }

  private tick(): void {
    const { store } = this.term;
    if (this.toRestart.size > 0) {
      const ids = [...this.toRestart];
      this.toRestart.clear();
      store.commit(() => {
        for (const id of ids) {
          const task = store.tasks.get(id);
          const service = task && store.services.get(task.serviceId);
          if (task && service && isLive(task) && isReplicated(service.spec))
            this.restarts.restart(service, task);
        }
      });
    }
    const services = [...this.toReconcile];
    this.toReconcile.clear();
    for (const id of services) {
      const service = store.services.get(id);
      if (service) this.reconcile(service);
    }
  }

  private reconcile(service: ServiceRecord): void {
    const { store } = this.term;
    const slots = new Map<number, TaskRecord[]>();
    const dead: TaskRecord[][] = [];
    for (const task of store.tasksOf(service.id))
      slots.set(task.slot, [...(slots.get(task.slot) ?? []), task]);
    for (const [number, slot] of slots) {
      const updatable = this.restarts.updatable(slot, service);
      if (updatable.length > 0) slots.set(number, updatable);
      else {
        slots.delete(number);
        dead.push(slot);
      }
    }
    const wanted = replicasOf(service.spec);
    const sorted =
      wanted < slots.size ? this.inOrder([...slots.values()]) : this.anyOrder([...slots.values()]);
    this.updates.update(service, sorted.slice(0, wanted));
    store.commit(() => {
      const missing = freeSlots(slots, wanted - slots.size);
      for (const slot of missing) store.putTask(newTask(store, service, { slot }));
      for (const slot of dead) {
        // addTasks takes a slot that it fills again from the dead ones.
        if (!missing.includes(slot[0]!.slot)) for (const task of slot) store.removeTask(task.id);
      }
      for (const slot of sorted.slice(wanted)) {
        for (const task of slot) {
          const present = store.tasks.get(task.id);
          if (present && !beyond(present.desired, 'remove')) store.putTask({ ...present, desired: 'remove' });
        }
      }
    });
  }

  /** Go walks a map in any order. */
  private anyOrder(slots: TaskRecord[][]): TaskRecord[][] {
    const { random } = this.term;
    for (let at = slots.length - 1; at > 0; at--) {
      const other = random.int(0, at);
      [slots[at], slots[other]] = [slots[other]!, slots[at]!];
    }
    return slots;
  }

  /** slot.go: who is to go stands last: the nth copy on a node, then what does not run, then high numbers. */
  private inOrder(slots: TaskRecord[][]): TaskRecord[][] {
    const runs = (slot: TaskRecord[]) => (slot.some((task) => task.status.state === 'running') ? 0 : 1);
    const sorted = slots.sort((a, b) => runs(a) - runs(b) || a[0]!.slot - b[0]!.slot);
    const counts = new Map<string, number>();
    const indexed = sorted.map((slot) => {
      const node = slot.length === 1 ? slot[0]!.nodeId : undefined;
      if (!node) return { slot, index: Number.POSITIVE_INFINITY };
      counts.set(node, (counts.get(node) ?? 0) + 1);
      return { slot, index: counts.get(node)! };
    });
    return indexed.sort((a, b) => (a.index === b.index ? 0 : a.index - b.index)).map(({ slot }) => slot);
  }
}

/** addTasks: the lowest numbers that no slot has. */
function freeSlots(slots: ReadonlyMap<number, unknown>, count: number): number[] {
  const free: number[] = [];
  for (let slot = 1; free.length < count; slot++) if (!slots.has(slot)) free.push(slot);
  return free;
}

/** manager/orchestrator/service.go, SetServiceTasksRemove. */
export function removeTasks({ store }: Term, serviceId: string): void {
  store.commit(() => {
    for (const task of store.tasksOf(serviceId)) {
      if (!beyond(task.desired, 'remove')) store.putTask({ ...task, desired: 'remove' });
    }
  });
}
