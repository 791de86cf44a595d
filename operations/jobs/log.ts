import type { Docker } from '../docker/client';
import { ConnectionError, explain } from '../docker/explain';
import type { LogSink } from '../docker/streams';
import { NoAnswer } from '../docker/within';
import { LogPlace } from './log-place';

interface Clock {
  now(): number;
  sleep(milliseconds: number): Promise<unknown>;
}

const POLL_MS = 100;
/** Between two connections. */
const AGAIN_MS = 2_000;
/** A log of which nothing comes for so long has no end that could be waited for. */
const SILENT_SECONDS = 20;
/** For how long nothing new may come: of a server that is out of reach, and of one that answers and does not give the log. */
const LOST_SECONDS = 120;
const REFUSED_SECONDS = 5;

/** What the task of a job says: passed on from its beginning to its end, nothing twice, over as many connections as it takes. */
export class JobLog {
  private readonly place = new LogPlace();
  private following: AbortController | undefined;
  private notBefore = Number.NEGATIVE_INFINITY;
  /** When anything came last, and when something did that had not come before. */
  private heard = 0;
  private passed = 0;

  constructor(
    private readonly taskId: string,
    private readonly docker: Pick<Docker, 'streamLog' | 'reconnect'>,
    private readonly sink: LogSink,
    private readonly clock: Clock,
  ) {}

  /** To be called again and again: where the connection broke it goes on from there. */
  follow(): void {
    if (this.following || this.clock.now() < this.notBefore) return;
    const own = new AbortController();
    this.following = own;
    const over = () => {
      if (this.following !== own) return;
      this.following = undefined;
      this.notBefore = this.clock.now() + AGAIN_MS;
    };
    // Why it broke says nothing yet: what is left is asked for at the end.
    void this.read(own.signal, true).then(over, over);
  }

  stop(): void {
    this.following?.abort();
    this.following = undefined;
  }

  /**
   * What is left, once the task has ended: Swarm ends no log that is followed. Waits as long as it makes progress.
   *
   * @param givenUp somebody does not want to wait any longer
   * @returns why its end was not reached; undefined where it was
   */
  async rest(givenUp: () => boolean): Promise<unknown> {
    this.stop();
    this.passed = this.clock.now();
    for (;;) {
      const error = await this.readToEnd(givenUp);
      if (error === undefined) return undefined;
      if (givenUp() || this.secondsSince(this.passed) >= patienceFor(error)) return error;
      if (error instanceof ConnectionError) this.docker.reconnect();
      await this.clock.sleep(AGAIN_MS);
    }
  }

  private async readToEnd(givenUp: () => boolean): Promise<unknown> {
    const own = new AbortController();
    let end: { readonly error?: unknown } | undefined;
    this.heard = this.clock.now();
    void this.read(own.signal, false).then(
      () => {
        end = {};
      },
      (error: unknown) => {
        end = { error };
      },
    );
    while (!end && !givenUp() && this.secondsSince(this.heard) < SILENT_SECONDS)
      await this.clock.sleep(POLL_MS);
    if (end) return end.error;
    own.abort();
    if (givenUp()) return new Error('nobody waited for its end');
    return explain(new NoAnswer(SILENT_SECONDS), 'the server');
  }

  private read(signal: AbortSignal, follow: boolean): Promise<void> {
    const { sink, place } = this;
    const pass = (stream: keyof LogSink) => (text: Buffer, at: string) => {
      this.passed = this.clock.now();
      sink[stream](text, at);
    };
    const fresh = place.goOn({ stdout: pass('stdout'), stderr: pass('stderr') });
    const hear = (stream: keyof LogSink) => (text: Buffer, at: string) => {
      this.heard = this.clock.now();
      // Of a connection that was given up nothing may come beside the next one.
      if (!signal.aborted) fresh[stream](text, at);
    };
    const { since } = place;
    return this.docker.streamLog(
      this.taskId,
      { stdout: hear('stdout'), stderr: hear('stderr') },
      { follow, signal, ...(since === undefined ? {} : { since }) },
    );
  }

  private secondsSince(time: number): number {
    return (this.clock.now() - time) / 1000;
  }
}

function patienceFor(error: unknown): number {
  if (error instanceof ConnectionError) return error.mayPass ? LOST_SECONDS : 0;
  // The task is there no more, and its log with it.
  return (error as { statusCode?: number }).statusCode === 404 ? 0 : REFUSED_SECONDS;
}
