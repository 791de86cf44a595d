import { sleep } from '../../lab/ground/shell';
import { judge } from '../load/judge';
import { openSocket, type SocketTarget } from '../load/websocket';
import type { Endpoint } from '../platform/lab';
import type { Report, ScenarioWatch } from '../runner/scenario';
import { longRequest } from './long-request';

/** What guests saw that stay longer than a request: WebSockets, and requests of 25 s. */
export interface Stay {
  /** How often a socket was closed, by code; 1006 is no close frame. */
  readonly closes: Readonly<Record<string, number>>;
  readonly opened: number;
  /** A socket that was open and did not echo within 5 s: half open. */
  readonly silent: number;
  readonly refusedReconnects: number;
  /** Milliseconds from a close to the next echo. */
  readonly slowestReconnect: number;
  readonly longRequests: number;
  readonly longFailed: readonly string[];
}

export interface GuestOptions {
  readonly at: readonly { readonly path: string; readonly service: string }[];
  /** Whether sockets may end without a close frame: nginx has none to send when its grace is over. @default false */
  readonly abruptCloses?: boolean;
}

/** WebSockets and long requests that stay at services. */
export const guests =
  (options: GuestOptions): ScenarioWatch =>
  ({ bench, clients }) => {
    const all = new Guests(bench.endpoint, clients, options.at);
    return {
      start: () => all.come(),
      stop: () => all.leave(),
      report: () => reportStay(all.stay, options.abruptCloses),
    };
  };

/** What is wrong with it, and its numbers. */
export function reportStay(stay: Stay, abruptCloses = false): Report {
  const closes = Object.entries(stay.closes);
  const wrong: string[] = [];
  for (const [code, times] of closes) {
    if (code === '1001' || code === '1012' || abruptCloses) continue;
    wrong.push(`${times} WebSockets were closed with ${code}`);
  }
  if (closes.length === 0) wrong.push('no WebSocket was closed: none was rolled');
  if (stay.silent > 0) wrong.push(`${stay.silent} WebSockets were open and silent`);
  if (stay.refusedReconnects > 0) wrong.push(`${stay.refusedReconnects} times a WebSocket was not opened`);
  if (stay.longRequests === 0) wrong.push('no long request was sent');
  for (const line of stay.longFailed) wrong.push(`a 25 s request failed: ${line}`);
  const closed = closes.map(([code, times]) => `${times} × ${code}`).join(', ') || 'never';
  return {
    wrong,
    details: [
      `WebSockets: ${stay.opened} opened, closed ${closed}, slowest to be back ${stay.slowestReconnect} ms, silent ${stay.silent}`,
      `25 s requests: ${stay.longRequests}, failed ${stay.longFailed.length}`,
    ],
  };
}

/** Keeps sockets and long requests open until it is told to leave. */
class Guests {
  private readonly closes: Record<string, number> = {};
  private counts = { opened: 0, silent: 0, refusedReconnects: 0, slowestReconnect: 0, longRequests: 0 };
  private readonly longFailed: string[] = [];
  private leaving = false;
  private readonly work: Promise<void>[] = [];

  constructor(
    private readonly endpoint: Endpoint,
    private readonly from: readonly string[],
    private readonly services: GuestOptions['at'],
  ) {}

  come(): void {
    const { from } = this;
    this.services.forEach(({ path, service }, index) => {
      for (let n = 0; n < 4; n++) {
        const address = from[(index * 4 + n) % from.length]!;
        this.work.push(this.sit({ ...this.endpoint, path: `${path}/ws`, from: address }));
      }
      for (let n = 0; n < 3; n++) {
        this.work.push(this.ponder(path, service, from[(20 + index * 3 + n) % from.length]!, n * 9));
      }
    });
  }

  async leave(): Promise<void> {
    this.leaving = true;
    await Promise.all(this.work);
  }

  get stay(): Stay {
    return { ...this.counts, closes: this.closes, longFailed: this.longFailed };
  }

  private async sit(target: SocketTarget): Promise<void> {
    let closedAt: number | undefined;
    while (!this.leaving) {
      const socket = await openSocket(target).catch(() => undefined);
      if (!socket) {
        this.counts.refusedReconnects++;
        await sleep(0.5);
        continue;
      }
      this.counts.opened++;
      let open = true;
      const closed = socket.closed.then((code) => {
        open = false;
        return code;
      });
      while (open && !this.leaving) {
        const text = `${Date.now()}`;
        const answer = await socket.echo(text, 5).catch((error: Error) => error.message);
        if (/^no echo/.test(answer)) {
          this.counts.silent++;
          socket.close();
        }
        if (answer === text && closedAt !== undefined) {
          this.counts.slowestReconnect = Math.max(this.counts.slowestReconnect, Date.now() - closedAt);
          closedAt = undefined;
        }
        await Promise.race([sleep(1), closed]);
      }
      if (this.leaving && open) socket.close();
      else {
        const code = await closed;
        closedAt = Date.now();
        this.closes[code] = (this.closes[code] ?? 0) + 1;
      }
    }
  }

  private async ponder(path: string, service: string, from: string, delay: number): Promise<void> {
    const start = Date.now();
    while (!this.leaving && Date.now() - start < delay * 1000) await sleep(0.5);
    while (!this.leaving) {
      this.counts.longRequests++;
      const sent = new Date().toISOString();
      const failure = await longRequest(this.endpoint, path, from).then(
        (attempt) => judge({ method: 'GET', service }, attempt),
        (error: Error) => ({ kind: 'error', message: error.message }),
      );
      if (failure) this.longFailed.push(`${sent} ${path}: ${failure.kind} ${failure.message}`);
    }
  }
}
