import type { Appointment } from '../kernel/agenda';
import { isLive } from './dirty';
import { beyond, isReplicated, jobOf, type TaskRecord } from './records';
import { statusTime } from './restarts';
import type { Change } from './store';
import type { Term } from './term';

/** task_reaper.go, reaperBatchingInterval. */
const INTERVAL_MS = 250;

/** manager/orchestrator/taskreaper/task_reaper.go: forgets tasks that ended, all but the last few of each slot. */
export class Reaper {
  private readonly dirty = new Map<string, TaskRecord>();
  private readonly cleanup = new Set<string>();
  private timer: Appointment | undefined;

  constructor(private readonly term: Term) {}

  begin(): void {
    for (const task of this.term.store.tasks.values()) if (isRemovable(task)) this.cleanup.add(task.id);
    this.tick();
    this.term.watch((change) => this.hear(change));
  }

  private hear(change: Change): void {
    if (change.kind !== 'task' || change.what === 'delete') return;
    const task = change.now;
    if (change.what === 'create') {
      this.dirty.set(`${task.serviceId} ${task.slot} ${task.slot > 0 ? '' : task.nodeId}`, task);
    } else if (isRemovable(task)) this.cleanup.add(task.id);
    this.timer ??= this.term.after(INTERVAL_MS, () => {
      this.timer = undefined;
      this.tick();
    });
  }

  private tick(): void {
    const { store } = this.term;
    const doomed = new Set(this.cleanup);
    this.cleanup.clear();
    for (const [key, of] of this.dirty) {
      const running = this.prune(of, doomed);
      // Two that run in one slot: it is looked at again.
      if (running <= 1) this.dirty.delete(key);
    }
    if (doomed.size > 0)
      store.commit(() => {
        for (const id of doomed) store.removeTask(id);
      });
  }

  /** @returns how many of the slot run; 0 where it needs no second look */
  private prune(of: TaskRecord, doomed: Set<string>): number {
    const { store, historyLimit } = this.term;
    const service = store.services.get(of.serviceId);
    // Of a job it counts no history.
    if (!service || jobOf(service.spec)) return 0;
    const attempts = service.spec.TaskTemplate.RestartPolicy?.MaxAttempts ?? 0;
    let limit = attempts > 0 ? attempts + 1 : historyLimit;
    const replicated = isReplicated(service.spec);
    const tasks = store
      .tasksOf(of.serviceId)
      .filter((task) => (replicated ? task.slot === of.slot : task.nodeId === of.nodeId))
      .sort((a, b) => statusTime(a) - statusTime(b));
    if (tasks.length <= limit) return 0;
    let running = 0;
    for (const task of tasks) {
      if (beyond(task.status.state, 'running') || (beyond('assigned', task.status.state) && !isLive(task))) {
        doomed.add(task.id);
        limit += 1;
        if (tasks.length <= limit) break;
      } else running += 1;
    }
    return running;
  }
}

const isRemovable = ({ desired, status }: TaskRecord): boolean =>
  desired === 'remove' && (beyond('assigned', status.state) || !beyond('complete', status.state));
