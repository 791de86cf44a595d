import { newTask } from './new-task';
import { beyond, jobOf, type ServiceRecord, type TaskRecord } from './records';
import { removeTasks } from './replicated';
import type { Restarts } from './restarts';
import type { Change } from './store';
import type { Term } from './term';

/**
 * manager/orchestrator/jobs/orchestrator.go, for replicated jobs. It does not look at nodes: a task on one that is lost runs,
 * as far as anybody knows.
 */
export class Jobs {
  constructor(
    private readonly term: Term,
    private readonly restarts: Restarts,
    /** Before 2023 it did nothing when a job was removed. */
    private readonly keepsTasks: boolean,
  ) {}

  /** init */
  begin(): void {
    for (const { id } of [...this.term.store.services.values()]) this.reconcile(id);
    this.term.watch((change) => this.hear(change));
  }

  /** handleEvent */
  private hear(change: Change): void {
    if (change.kind === 'service') {
      if (change.what !== 'delete') this.reconcile(change.now.id);
      else if (jobOf(change.now.spec)) this.onRemoved(change.now);
    } else if (change.kind === 'task' && change.what === 'update') {
      const { status, desired, serviceId } = change.now;
      if (beyond(status.state, 'running') && !beyond(desired, 'complete')) this.reconcile(serviceId);
    }
  }

  private onRemoved({ id }: ServiceRecord): void {
    if (this.keepsTasks) return;
    removeTasks(this.term, id);
    this.restarts.forget(id);
  }

  /** replicated/reconciler.go, ReconcileService */
  private reconcile(id: string): void {
    const { store } = this.term;
    const service = store.services.get(id);
    const job = service && jobOf(service.spec);
    if (!service || !job) return;
    const { MaxConcurrent = 1, TotalCompletions = 1 } = job;
    const all = store.tasksOf(id);
    const own = all.filter((task) => task.jobIteration === service.jobIteration);
    const complete = own.filter((task) => task.status.state === 'complete');
    const running = own.filter((task) => !complete.includes(task) && !beyond(task.desired, 'complete'));
    const missing = Math.min(
      unsigned(MaxConcurrent - running.length),
      unsigned(TotalCompletions - complete.length - running.length),
    );
    // "uint64 underflow": then the rest is left, too.
    if (missing > TotalCompletions) return;
    const slots = new Set([...complete, ...running].map(({ slot }) => slot));
    const older = all.filter((task) => !own.includes(task) && isUnderWay(task));
    store.commit(() => {
      for (let slot = 0, made = 0; made < missing; slot++) {
        if (slots.has(slot)) continue;
        made += 1;
        store.putTask(newTask(store, service, { slot }, 'complete'));
      }
      for (const task of running) {
        if (beyond(task.status.state, 'complete')) this.restarts.restart(service, task);
      }
      for (const task of older) store.putTask({ ...task, desired: 'remove' });
    });
  }
}

const unsigned = (number: number): number => (number < 0 ? Number.POSITIVE_INFINITY : number);

const isUnderWay = ({ status, desired }: TaskRecord): boolean =>
  !beyond(status.state, 'running') && desired !== 'remove';
