/** Something that is to happen, and may be called off. */
export interface Appointment {
  readonly at: number;
  readonly order: number;
  work: (() => void) | undefined;
}

/** What is to happen when, in milliseconds of a time that only this moves. Of two at the same time the older goes first. */
export class Agenda {
  now = 0;
  private readonly heap: Appointment[] = [];
  private order = 0;

  after(ms: number, work: () => void): Appointment {
    this.order += 1;
    const made: Appointment = { at: this.now + Math.max(0, ms), order: this.order, work };
    this.push(made);
    return made;
  }

  /** Lets happen what is due until then, and it is then. */
  runUntil(time: number): void {
    for (let next = this.heap[0]; next && next.at <= time; next = this.heap[0]) this.runOne();
    this.now = Math.max(this.now, time);
  }

  /** Lets the next thing happen, and it is then. @returns whether there was one until a time */
  step(until: number): boolean {
    const next = this.heap[0];
    if (!next || next.at > until) return false;
    this.runOne();
    return true;
  }

  private runOne(): void {
    const next = this.heap[0]!;
    this.pop();
    if (!next.work) return;
    this.now = Math.max(this.now, next.at);
    next.work();
  }

  private push(made: Appointment): void {
    const { heap } = this;
    let at = heap.push(made) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!earlier(made, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = made;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && earlier(heap[below + 1]!, heap[below]!)) below += 1;
      if (!earlier(heap[below]!, last)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = last;
  }
}

const earlier = (a: Appointment, b: Appointment): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order);
