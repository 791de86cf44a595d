import type { Agenda } from '../kernel/agenda';
import type { Random } from '../kernel/random';
import { isLive } from '../swarm/dirty';
import { Global } from '../swarm/global';
import { Jobs } from '../swarm/jobs';
import { Reaper } from '../swarm/reaper';
import { beyond, isReplicated, jobOf, type ServiceRecord, type TaskRecord } from '../swarm/records';
import { Replicated } from '../swarm/replicated';
import { Restarts, restartDelayMs, statusTime } from '../swarm/restarts';
import { Scheduler } from '../swarm/scheduler';
import type { Store } from '../swarm/store';
import { Term } from '../swarm/term';
import { Updates } from '../swarm/updates';

/** In what an engine differs from a newer one. */
export interface Engine {
  /** Docker 20.10: the tasks of a job that is removed stay as they are. @default false */
  readonly keepsJobTasks?: boolean;
}

interface Supervisors {
  readonly replicated: Restarts;
  readonly global: Restarts;
  readonly jobs: Restarts;
}

const supervisorOf = ({ replicated, global, jobs }: Supervisors, { spec }: ServiceRecord): Restarts =>
  jobOf(spec) ? jobs : isReplicated(spec) ? replicated : global;

/** manager/manager.go: the loops of whoever leads. */
export class Manager {
  private term: Term | undefined;

  constructor(
    private readonly store: Store,
    private readonly agenda: Agenda,
    private readonly random: Random,
    private readonly historyLimit: number,
    private readonly engine: Engine = {},
  ) {}

  get leads(): boolean {
    return this.term !== undefined;
  }

  /** becomeLeader */
  lead(): void {
    this.term = new Term(this.store, this.agenda, this.random, this.historyLimit);
    const { term } = this;
    new Reaper(term).begin();
    new Scheduler(term).begin();
    // Each orchestrator has its own supervisors.
    const own: Supervisors = {
      replicated: new Restarts(term),
      global: new Restarts(term),
      jobs: new Restarts(term),
    };
    this.fixTasks(own);
    new Replicated(term, own.replicated, new Updates(term, own.replicated)).begin();
    new Global(term, own.global, new Updates(term, own.global)).begin();
    new Jobs(term, own.jobs, this.engine.keepsJobTasks ?? false).begin();
    this.allocate(term);
  }

  /** becomeFollower: what it had in memory is gone. */
  resign(): void {
    this.term?.end();
    this.term = undefined;
  }

  /** manager/allocator/network.go: a new task gets its addresses and waits for a node. */
  private allocate(term: Term): void {
    const { store } = this;
    const allocate = (id: string) => {
      const task = store.tasks.get(id);
      if (task?.status.state !== 'new') return;
      const status = { state: 'pending', message: 'pending task scheduling', timestamp: store.now } as const;
      store.commit(() => store.putTask({ ...task, status }));
    };
    for (const { id } of store.tasks.values()) term.after(1, () => allocate(id));
    term.watch((change) => {
      if (change.kind !== 'task' || change.what !== 'create') return;
      term.after(this.random.int(1, 20), () => allocate(change.now.id));
    });
  }

  /** manager/orchestrator/taskinit/init.go, CheckTasks. */
  private fixTasks(own: Supervisors): void {
    const { store } = this;
    for (const task of [...store.tasks.values()]) {
      const service = store.services.get(task.serviceId);
      if (!service) {
        store.commit(() => store.removeTask(task.id));
        continue;
      }
      if (task.desired !== 'ready' || beyond(task.status.state, 'complete')) continue;
      const restarts = supervisorOf(own, service);
      const left = restartLeft(task, store.now);
      if (left > 0) restarts.delayStart(undefined, task.id, left, true);
      else restarts.startNow(task.id);
    }
    this.recount(own);
  }

  private recount(own: Supervisors): void {
    for (const service of this.store.services.values()) {
      const slots = new Map<string, TaskRecord[]>();
      for (const task of this.store.tasksOf(service.id)) {
        const key = String(task.slot || task.nodeId);
        slots.set(key, [...(slots.get(key) ?? []), task]);
      }
      const restarts = supervisorOf(own, service);
      for (const tasks of slots.values()) {
        const newest = Math.max(...tasks.map(({ specVersion }) => specVersion));
        const current = tasks.filter(({ specVersion }) => specVersion === newest);
        current.sort((a, b) => a.createdAt - b.createdAt);
        for (const task of current.slice(1)) restarts.count(task);
      }
    }
  }
}

const restartLeft = (task: TaskRecord, now: number): number =>
  isLive(task) ? statusTime(task) + restartDelayMs(task) - now : 0;
