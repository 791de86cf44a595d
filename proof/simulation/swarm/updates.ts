import { textOf } from './dirty';
import type { ServiceRecord } from './records';
import type { Restarts } from './restarts';
import type { Term } from './term';
import { type Slot, Updater } from './updater';

/** manager/orchestrator/update/updater.go, Supervisor: one update for each service, the newest. */
export class Updates {
  private readonly running = new Map<string, Updater>();

  constructor(
    private readonly term: Term,
    private readonly restarts: Restarts,
  ) {}

  update(service: ServiceRecord, slots: readonly Slot[]): void {
    const present = this.running.get(service.id);
    if (present && textOf(present.service.spec) === textOf(service.spec)) return;
    present?.cancel();
    const made: Updater = new Updater(this.term, this.restarts, service, () => {
      if (this.running.get(service.id) === made) this.running.delete(service.id);
    });
    this.running.set(service.id, made);
    // A goroutine: what the caller writes next may come before or after its first words.
    this.term.after(this.term.random.int(0, 1), () => {
      if (this.running.get(service.id) === made) made.run(slots);
    });
  }
}
