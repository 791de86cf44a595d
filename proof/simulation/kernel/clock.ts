import type { Clock } from '../../../operations/rollout/watch';
import type { Agenda } from './agenda';

/** A clock of the product that only sleeping moves: whoever sleeps lets the world go on until then. */
export class VirtualClock implements Clock {
  constructor(private readonly agenda: Agenda) {}

  now(): number {
    return this.agenda.now;
  }

  sleep(ms: number): Promise<void> {
    this.agenda.runUntil(this.agenda.now + ms);
    return Promise.resolve();
  }
}
