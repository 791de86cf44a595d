import type { Clock } from '../../../operations/rollout/watch';
import type { Agenda } from './agenda';

/** One run of the product among others at the same time. Its clock moves with the world's, not the world's with it. */
export class Actor implements Clock {
  ended = false;
  /** When it was killed: nothing of it went on, not even what it does at its end. */
  diedAt: number | undefined;
  private waits = 0;

  constructor(private readonly agenda: Agenda) {}

  now(): number {
    return this.agenda.now;
  }

  sleep = (ms: number): Promise<void> => {
    this.waits += 1;
    return new Promise((done) => {
      this.agenda.after(ms, () => {
        if (this.killed) return;
        this.waits -= 1;
        this.moved = true;
        done();
      });
    });
  };

  /** Something of it has come back since it was last asked. */
  moved = true;

  get killed(): boolean {
    return this.diedAt !== undefined;
  }

  kill(): void {
    if (!this.ended) this.diedAt ??= this.agenda.now;
  }

  get goesOn(): boolean {
    return !this.killed && !this.ended;
  }

  /** What it waits for is all of the simulated world. */
  get isStill(): boolean {
    return !this.goesOn || this.waits > 0;
  }
}

/** Longer nobody computes; who takes so long waits for something that is not simulated. */
const MOST_TURNS = 1_000;

/** Lets runs of the product go on beside each other, each from one answer to its next question. */
export class Stage {
  private readonly actors: Actor[] = [];

  constructor(private readonly agenda: Agenda) {}

  /** Begins a run, at this moment. */
  enter<T>(work: (actor: Actor) => Promise<T>): Actor {
    const actor = new Actor(this.agenda);
    this.actors.push(actor);
    void work(actor).finally(() => {
      actor.ended = true;
    });
    return actor;
  }

  /**
   * Lets the world go on until then, and as long as somebody is at work.
   *
   * @param most when it ends in any case
   */
  async runUntil(time: number, most: number): Promise<void> {
    const { agenda } = this;
    for (;;) {
      await this.settled();
      const isOver = agenda.now >= time && !this.actors.some(({ goesOn }) => goesOn);
      if (isOver || agenda.now >= most) return;
      const until = this.actors.some(({ goesOn }) => goesOn) ? most : time;
      if (!agenda.step(until)) agenda.runUntil(until);
    }
  }

  /** Everybody has come to where they wait for the world. */
  private async settled(): Promise<void> {
    for (let turn = 0; this.actors.some(({ moved, isStill }) => moved || !isStill); turn++) {
      if (turn > MOST_TURNS) throw new Error('a run waits for what is not simulated');
      for (const actor of this.actors) actor.moved = false;
      await new Promise(setImmediate);
    }
  }
}
