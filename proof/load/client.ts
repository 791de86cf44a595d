import { createHash } from 'node:crypto';
import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Attempt } from './judge';
import type { LoadPlan, Stream } from './plan';

/** One client: an address, and a connection of its own where the stream keeps it alive. It never tries again. */
export class Client {
  private readonly agent: HttpAgent | undefined;
  private sent = 0;

  constructor(
    private readonly plan: LoadPlan,
    private readonly stream: Stream,
    private readonly index: number,
  ) {
    if (!stream.keepAlive) return;
    const options = { keepAlive: true, maxSockets: 1 };
    this.agent = plan.target.tls ? new HttpsAgent(options) : new HttpAgent(options);
  }

  /** One request and its answer, or what went wrong; never rejects. */
  send(): Promise<Attempt & { readonly reused: boolean }> {
    const { stream, plan } = this;
    const mark = `bench/${stream.name}/${this.index}/${this.sent++}`;
    const body = stream.method === 'POST' ? bodyOf(mark, stream.bodyBytes ?? 200) : undefined;
    return new Promise((resolve) => {
      let status: number | undefined;
      let timedOut = false;
      const chunks: Buffer[] = [];
      const request = this.open(mark, body);
      const end = (attempt: Attempt) => {
        clearTimeout(timer);
        const text = Buffer.concat(chunks).toString('utf8');
        const known = {
          ...(status === undefined ? {} : { status }),
          body: text,
          reused: request.reusedSocket,
        };
        resolve({ ...known, ...attempt, timedOut });
      };
      const timer = setTimeout(() => {
        timedOut = true;
        request.destroy(new Error('no whole answer in time'));
      }, plan.timeoutSeconds * 1000);
      request.on('error', (error) => end({ error }));
      request.on('response', (response) => {
        status = response.statusCode;
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', (error) => end({ error }));
        response.on('end', () => end({ complete: response.complete }));
      });
      request.end(body);
    });
  }

  close(): void {
    this.agent?.destroy();
  }

  private open(mark: string, body: string | undefined): ClientRequest {
    const { target } = this.plan;
    const { stream } = this;
    const options = {
      host: target.address,
      port: target.port,
      method: stream.method,
      path: stream.path,
      localAddress: stream.from[this.index % stream.from.length],
      // Named in nginx's access log, so that a failure can be found there.
      headers: { host: 'localhost', 'user-agent': mark, ...(body === undefined ? {} : headersOf(body)) },
      agent: this.agent ?? (false as const),
    };
    // The lab's pair is made for the day.
    return target.tls
      ? httpsRequest({ ...options, servername: 'localhost', rejectUnauthorized: false })
      : httpRequest(options);
  }
}

const headersOf = (body: string) => ({
  'content-type': 'application/json',
  'content-length': Buffer.byteLength(body),
});

/** JSON that says who sent it and the hash of what it carries. */
export function bodyOf(mark: string, bytes: number): string {
  const content = 'x'.repeat(bytes);
  return JSON.stringify({ mark, sha256: createHash('sha256').update(content).digest('hex'), content });
}
