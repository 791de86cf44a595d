import { request } from 'node:https';
import { sleep } from '../../lab/ground/shell';
import { openSocket } from '../load/websocket';
import type { Endpoint } from '../platform/lab';
import type { Report, ScenarioWatch } from '../runner/scenario';

/** What became of frames that are posted to sessions which somebody watches. */
export interface Frames {
  readonly posted: number;
  /** They came to a task that had no viewer of the session. */
  readonly unseen: number;
  readonly failed: number;
  /** Milliseconds in which one session's frames reached nobody. */
  readonly longestUnseen: number;
  /** How often a viewer's socket was closed. */
  readonly closes: number;
  /** Sessions whose last frame reached nobody. */
  readonly lost: readonly string[];
}

export interface ViewersOptions {
  readonly at: readonly { readonly path: string }[];
  /** Seconds for which a session's frames may reach nobody. */
  readonly mostUnseen: number;
}

const SESSIONS = 6;
const EVERY_SECONDS = 1;

/** Viewers of sessions, each of which is in the memory of one task, and frames that are posted to them all the while. */
export const viewers =
  ({ at, mostUnseen }: ViewersOptions): ScenarioWatch =>
  ({ bench, clients }) => {
    const all = at.flatMap(({ path }, service) =>
      Array.from(
        { length: SESSIONS },
        (_, index) =>
          new Session(
            bench.endpoint,
            `${path}/sessions/${index + 1}`,
            clients[(service * SESSIONS + index) % clients.length]!,
          ),
      ),
    );
    return {
      start: () => Promise.all(all.map((one) => one.open())).then(() => {}),
      stop: () => Promise.all(all.map((one) => one.end())).then(() => {}),
      report: () => reportFrames(sum(all), mostUnseen),
    };
  };

/** What is wrong with it, and its numbers. */
export function reportFrames(frames: Frames, mostUnseen: number): Report {
  const { posted, unseen, failed, longestUnseen, closes, lost } = frames;
  const seconds = longestUnseen / 1000;
  return {
    wrong: [
      ...(posted === 0 ? ['no frame was posted'] : []),
      ...(closes === 0 ? ['no viewer was cut off: none was rolled'] : []),
      ...(failed > 0 ? [`${failed} frames were not taken`] : []),
      ...(seconds > mostUnseen ? [`a session's frames reached nobody for ${seconds.toFixed(1)} s`] : []),
      ...(lost.length > 0 ? [`in the end frames reach nobody at ${lost.join(', ')}`] : []),
    ],
    details: [
      `frames: ${posted} posted, ${unseen} to a task without the viewer, for ${seconds.toFixed(1)} s at most; viewers were cut off ${closes} times`,
    ],
  };
}

const sum = (all: readonly Session[]): Frames => ({
  posted: all.reduce((count, one) => count + one.posted, 0),
  unseen: all.reduce((count, one) => count + one.unseen, 0),
  failed: all.reduce((count, one) => count + one.failed, 0),
  longestUnseen: Math.max(...all.map((one) => one.longestUnseen)),
  closes: all.reduce((count, one) => count + one.closes, 0),
  lost: all.filter((one) => !one.isSeen).map(({ path }) => path),
});

class Session {
  posted = 0;
  unseen = 0;
  failed = 0;
  longestUnseen = 0;
  closes = 0;
  isSeen = false;
  private left = false;
  private work: Promise<unknown> = Promise.resolve();
  private leave = () => {};

  constructor(
    private readonly endpoint: Endpoint,
    readonly path: string,
    private readonly from: string,
  ) {}

  async open(): Promise<void> {
    const opened = new Promise<void>((done) => {
      this.work = Promise.all([this.watch(done), this.post()]);
    });
    await opened;
  }

  async end(): Promise<void> {
    this.left = true;
    this.leave();
    await this.work;
  }

  /** Comes back whenever it is cut off. */
  private async watch(opened: () => void): Promise<void> {
    while (!this.left) {
      const socket = await openSocket({
        ...this.endpoint,
        path: `${this.path}/stream`,
        from: this.from,
      }).catch(() => undefined);
      if (!socket) {
        await sleep(0.2);
        continue;
      }
      opened();
      const left = new Promise<void>((done) => {
        this.leave = done;
      });
      if (this.left) this.leave();
      const how = await Promise.race([socket.closed, left]);
      socket.close();
      if (how !== undefined) this.closes++;
    }
  }

  private async post(): Promise<void> {
    let since: number | undefined;
    while (!this.left) {
      await sleep(EVERY_SECONDS);
      if (this.left) return;
      const now = Date.now();
      const seen = await frame(this.endpoint, `${this.path}/frame`, this.from);
      this.posted++;
      if (seen === undefined) this.failed++;
      this.isSeen = seen !== undefined && seen > 0;
      if (this.isSeen) since = undefined;
      else {
        if (seen === 0) this.unseen++;
        since ??= now;
        this.longestUnseen = Math.max(this.longestUnseen, Date.now() - since);
      }
    }
  }
}

/** How many viewers one frame reached; undefined where it was not taken. */
function frame({ address: host, port }: Endpoint, path: string, from: string): Promise<number | undefined> {
  return new Promise((done) => {
    const sent = request(
      {
        host,
        port,
        path,
        method: 'POST',
        localAddress: from,
        servername: 'localhost',
        rejectUnauthorized: false,
        agent: false,
        headers: { host: 'localhost', 'user-agent': 'bench/frame', 'content-type': 'text/plain' },
        timeout: 15_000,
      },
      (response) => {
        let body = '';
        response.on('data', (chunk) => (body += chunk));
        response.on('error', () => done(undefined));
        response.on('end', () => done(response.statusCode === 200 ? seenBy(body) : undefined));
      },
    );
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => done(undefined));
    sent.end('frame');
  });
}

const seenBy = (body: string): number | undefined => {
  try {
    return (JSON.parse(body) as { seen_by?: number }).seen_by;
  } catch {
    return undefined;
  }
};
