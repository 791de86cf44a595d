import type { Agenda } from '../kernel/agenda';
import type { Random } from '../kernel/random';
import type { Manager } from '../manager/manager';
import { beyond, STATES, type TaskStatus } from '../swarm/records';
import type { Store } from '../swarm/store';
import type { Agent } from './agent';

/** dispatcher.go, maxBatchInterval. */
const BATCH_MS = 100;
/** dispatcher.go: three heartbeats of 5 s. */
const DOWN_MS = 15_000;

/** manager/dispatcher/dispatcher.go: tells agents what is theirs, and the store what they say. */
export class Dispatcher {
  private readonly agents = new Map<string, Agent>();
  private readonly connected = new Set<string>();
  /** Which of a node's absences it is. */
  private absences = 0;
  private readonly absent = new Map<string, number>();
  private readonly updates = new Map<string, TaskStatus>();
  private flushing = false;

  constructor(
    private readonly store: Store,
    private readonly agenda: Agenda,
    private readonly random: Random,
    private readonly manager: Manager,
  ) {
    store.watch((change) => {
      if (change.kind !== 'task' || !change.now.nodeId) return;
      const { id, nodeId, status } = change.now;
      if (change.what === 'delete') this.agents.get(nodeId)?.forget(id);
      else if (STATES[status.state] >= STATES.assigned) this.send(id, nodeId);
    });
  }

  add(agent: Agent): void {
    this.agents.set(agent.id, agent);
    this.connected.add(agent.id);
  }

  isConnected(id: string): boolean {
    return this.connected.has(id);
  }

  /** What an agent says of a task; of two within one batch only the later is written. */
  report(nodeId: string, taskId: string, status: TaskStatus): void {
    if (!this.connected.has(nodeId) || !this.manager.leads) return;
    this.updates.set(taskId, status);
    if (this.flushing) return;
    this.flushing = true;
    const next = BATCH_MS - (this.agenda.now % BATCH_MS) + this.random.int(1, 5);
    this.agenda.after(next, () => this.flush());
  }

  /** The node's connection to the manager is lost. */
  cut(nodeId: string): void {
    this.connected.delete(nodeId);
    this.absences += 1;
    const own = this.absences;
    this.absent.set(nodeId, own);
    this.agenda.after(DOWN_MS, () => {
      if (!this.connected.has(nodeId) && this.absent.get(nodeId) === own) this.mark(nodeId, 'down');
    });
  }

  /** A session: the agent gets all that is its, and says all that it knows. */
  register(nodeId: string): void {
    this.connected.add(nodeId);
    if (!this.manager.leads) return;
    this.mark(nodeId, 'ready');
    const agent = this.agents.get(nodeId)!;
    for (const [id, status] of agent.statuses()) {
      if (this.store.tasks.has(id)) this.report(nodeId, id, status);
      else agent.forget(id);
    }
    for (const task of this.store.tasks.values()) {
      if (task.nodeId === nodeId && STATES[task.status.state] >= STATES.assigned) this.send(task.id, nodeId);
    }
  }

  /** markNodesUnknown: after a change of the leader every node has to register again. */
  begin(): void {
    for (const node of [...this.store.nodes.values()]) {
      if (node.state === 'ready') this.mark(node.id, 'unknown');
      if (!this.connected.has(node.id)) this.cut(node.id);
      else
        this.agenda.after(this.random.int(200, 3_000), () => {
          if (this.connected.has(node.id)) this.register(node.id);
        });
    }
  }

  private send(taskId: string, nodeId: string): void {
    this.agenda.after(this.random.int(5, 120), () => {
      const task = this.store.tasks.get(taskId);
      if (task && this.manager.leads && this.connected.has(nodeId)) this.agents.get(nodeId)?.assign(task);
    });
  }

  private mark(nodeId: string, state: 'ready' | 'down' | 'unknown'): void {
    const node = this.store.nodes.get(nodeId);
    if (node && node.state !== state && this.manager.leads) {
      this.store.commit(() => this.store.putNode({ ...node, state }));
    }
  }

  /** processUpdates */
  private flush(): void {
    this.flushing = false;
    const updates = [...this.updates];
    this.updates.clear();
    if (!this.manager.leads) return;
    const { store } = this;
    store.commit(() => {
      for (const [id, status] of updates) {
        const task = store.tasks.get(id);
        if (!task || beyond(task.status.state, status.state)) continue;
        store.putTask({ ...task, status: { ...status, appliedAt: store.now } });
      }
    });
  }
}
