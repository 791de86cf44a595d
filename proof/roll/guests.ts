import { request } from 'node:https';
import { sleep } from '../../lab/ground/shell';
import { type Attempt, judge } from '../load/judge';
import { openSocket, type SocketTarget } from '../load/websocket';

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

const LONG_SECONDS = 25;

/** Keeps sockets and long requests open until it is told to leave. */
export class Guests {
  private readonly closes: Record<string, number> = {};
  private counts = { opened: 0, silent: 0, refusedReconnects: 0, slowestReconnect: 0, longRequests: 0 };
  private readonly longFailed: string[] = [];
  private leaving = false;
  private readonly work: Promise<void>[] = [];

  constructor(
    private readonly door: { readonly address: string; readonly port: number },
    from: readonly string[],
    services: readonly { readonly path: string; readonly service: string }[],
  ) {
    services.forEach(({ path, service }, index) => {
      for (let n = 0; n < 4; n++) {
        const address = from[(index * 4 + n) % from.length]!;
        this.work.push(this.sit({ ...door, path: `${path}/ws`, from: address }));
      }
      for (let n = 0; n < 3; n++) {
        this.work.push(this.ponder(path, service, from[(20 + index * 3 + n) % from.length]!, n * 9));
      }
    });
  }

  async leave(): Promise<Stay> {
    this.leaving = true;
    await Promise.all(this.work);
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
      const failure = await longRequest(this.door, path, from).then(
        (attempt) => judge({ method: 'GET', service }, attempt),
        (error: Error) => ({ kind: 'error', message: error.message }),
      );
      if (failure) this.longFailed.push(`${sent} ${path}: ${failure.kind} ${failure.message}`);
    }
  }
}

/** One GET that the application answers after 25 s. */
function longRequest(
  door: { readonly address: string; readonly port: number },
  path: string,
  from: string,
): Promise<Attempt> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ host: door.address, port: door.port, path: `${path}?sleep=${LONG_SECONDS}`, localAddress: from },
        ...{ servername: 'localhost', rejectUnauthorized: false, agent: false },
        headers: { host: 'localhost', 'user-agent': 'bench/long' },
        timeout: (LONG_SECONDS + 20) * 1000,
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          body += chunk;
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body, complete: response.complete }),
        );
      },
    );
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${LONG_SECONDS + 20} s`)));
    sent.on('error', reject);
    sent.end();
  });
}
