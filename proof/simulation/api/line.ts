import { explain, isConflict } from '../../../operations/docker/explain';
import { NoAnswer } from '../../../operations/docker/within';
import type { Agenda } from '../kernel/agenda';
import type { Random } from '../kernel/random';
import { EngineError } from '../swarm/control';

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
    agenda.runUntil(due);
    try {
      // A connection that is cut may have carried the request, and not its answer.
      if (what === 'write' && this.trouble('cut') && this.leads() && random.chance(0.5)) answer(agenda.now);
      this.fail(due, what);
      const stale = this.trouble('stale');
      const at = agenda.now - (stale ? random.int(0, stale.ms ?? 3_000) : 0);
      const result = answer(at);
      if (late) agenda.runUntil(due + random.int(0, late.ms ?? 5_000));
      return result;
    } catch (error) {
      const answered = error instanceof EngineError && (error.statusCode < 500 || isConflict(error));
      if (what !== 'one' && !answered) this.failures += 1;
      throw explain(error, HOST) ?? error;
    }
  }

  private fail(due: number, what: 'list' | 'one' | 'write'): void {
    if (this.trouble('silent') || (what === 'one' && this.trouble('mute'))) {
      this.agenda.runUntil(due + ANSWER_SECONDS * 1000);
      throw new NoAnswer(ANSWER_SECONDS);
    }
    if (this.trouble('cut')) throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    if (this.trouble('down')) {
      throw new Error(
        'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      );
    }
    if (!this.leads()) {
      throw new EngineError(
        500,
        "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online. Make sure more than half of the managers are online.",
      );
    }
  }
}
