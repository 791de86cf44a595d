import { explain, isConflict } from '../../../operations/docker/explain';
import { NoAnswer } from '../../../operations/docker/within';
import type { Agenda } from '../kernel/agenda';
import type { Random } from '../kernel/random';
import { EngineError } from '../manager/control';

/** What is wrong with the way to the engine, from when to when. */
export interface Trouble {
  readonly from: number;
  readonly to: number;
  /**
   * `cut`: ssh ends. `silent`: no answer comes. `late`: answers take seconds. `stale`: each is up to so many seconds
   * old, each another, so that two of them may be torn or out of sequence. `down`: the daemon does not run. `mute`: what
   * is asked of a single task or node gets no answer. `faster`: before each of our updates somebody else's gets through.
   */
  readonly kind: 'cut' | 'silent' | 'late' | 'stale' | 'down' | 'mute' | 'faster';
  /** At most, for `late` and `stale`. */
  readonly ms?: number;
}

/** As the gate has it. */
const ANSWER_SECONDS = 20;
const HOST = 'ssh://root@vps.example';

/** The way to the engine: how long an answer takes, of when it is, and whether it comes. */
export class Line {
  /** Answers that did not come. */
  failures = 0;

  constructor(
    private readonly agenda: Agenda,
    private readonly random: Random,
    private readonly troubles: readonly Trouble[],
    private readonly leads: () => boolean,
    /** Whose line it is, where others are at work at the same time. @default - one alone, whose questions move the time */
    private readonly own?: { sleep(ms: number): Promise<void> },
  ) {}

  trouble(kind: Trouble['kind']): Trouble | undefined {
    const { now } = this.agenda;
    return this.troubles.find((one) => one.kind === kind && one.from <= now && now < one.to);
  }

  /**
   * Asks for something; time passes, and that of questions asked at once passes at once.
   *
   * @param answer gets the time of which it is to tell
   */
  async ask<T>(answer: (at: number) => T, what: 'list' | 'one' | 'write' = 'list'): Promise<T> {
    const { agenda, random } = this;
    const late = this.trouble('late');
    const due = agenda.now + random.int(2, 12) + (late ? random.int(0, late.ms ?? 5_000) : 0);
    await undefined;
    const way = this.pass(due);
    if (way) await way;
    try {
      // A connection that is cut may have carried the request, and not its answer.
      const lost = this.trouble('cut') ?? (this.own && this.trouble('silent'));
      if (what === 'write' && lost && this.leads() && random.chance(0.5)) answer(agenda.now);
      const failure = this.failure(what);
      if (failure) {
        const silence = failure instanceof NoAnswer && this.pass(due + failure.seconds * 1000);
        if (silence) await silence;
        throw failure;
      }
      const stale = this.trouble('stale');
      const at = agenda.now - (stale ? random.int(0, stale.ms ?? 3_000) : 0);
      const result = answer(at);
      const back = late ? this.pass(due + random.int(0, late.ms ?? 5_000)) : this.wayBack();
      if (back) await back;
      return result;
    } catch (error) {
      const answered = error instanceof EngineError && (error.statusCode < 500 || isConflict(error));
      if (what !== 'one' && !answered) this.failures += 1;
      throw explain(error, HOST) ?? error;
    }
  }

  private failure(what: 'list' | 'one' | 'write'): Error | undefined {
    if (this.trouble('silent') || (what === 'one' && this.trouble('mute')))
      return new NoAnswer(ANSWER_SECONDS);
    if (this.trouble('cut')) return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    if (this.trouble('down')) {
      return new Error(
        'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      );
    }
    if (!this.leads()) {
      return new EngineError(
        500,
        "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online. Make sure more than half of the managers are online.",
      );
    }
    return undefined;
  }

  /** One alone moves the time, and need not wait for it. */
  private pass(until: number): Promise<void> | undefined {
    if (this.own) return this.own.sleep(until - this.agenda.now);
    this.agenda.runUntil(until);
    return undefined;
  }

  /** Between what was done and who hears of it others may act, and who is killed does not hear of it. */
  private wayBack(): Promise<void> | undefined {
    return this.own?.sleep(this.random.int(1, 8));
  }
}
