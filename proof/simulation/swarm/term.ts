import type { Agenda, Appointment } from '../kernel/agenda';
import type { Random } from '../kernel/random';
import type { Store, Watcher } from './store';

/** One manager's time as the leader. What its loops hold in memory, and what they wait for, ends with it. */
export class Term {
  over = false;
  private readonly unwatch: (() => void)[] = [];

  constructor(
    readonly store: Store,
    readonly agenda: Agenda,
    readonly random: Random,
    /** How many ended tasks of a slot the cluster keeps. */
    readonly historyLimit: number,
  ) {}

  after(ms: number, work: () => void): Appointment {
    return this.agenda.after(ms, () => {
      if (!this.over) work();
    });
  }

  watch(watcher: Watcher): () => void {
    const end = this.store.watch(watcher);
    this.unwatch.push(end);
    return end;
  }

  end(): void {
    this.over = true;
    for (const end of this.unwatch) end();
  }
}
