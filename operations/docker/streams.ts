import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import type Dockerode from 'dockerode';

/** What dockerode has no call for, or one that does not give the whole answer. */
interface StreamRequest {
  readonly path: string;
  readonly query?: object;
  readonly signal?: AbortSignal;
}

function open(docker: Dockerode, { path, query, signal }: StreamRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = {
      // docker-modem puts the query in place of nothing after this mark, and cuts the mark off where there is none.
      path: `${path}?`,
      method: 'GET',
      isStream: true,
      options: { ...query },
      ...(signal ? { abortSignal: signal } : {}),
      statusCodes: { 200: true, 404: 'no such task', 500: 'server error' },
    };
    docker.modem.dial(request, (error: unknown, answer: unknown) =>
      error ? reject(error) : resolve(answer as IncomingMessage),
    );
  });
}

/** The time by the daemon's clock, in milliseconds. */
export async function readDate(docker: Dockerode): Promise<number | undefined> {
  const { headers } = (await open(docker, { path: '/_ping' })).resume();
  const date = Date.parse(headers.date ?? '');
  return Number.isNaN(date) ? undefined : date;
}

export async function readLog(
  docker: Dockerode,
  taskId: string,
  { tail, since, bytes = Number.POSITIVE_INFINITY }: { tail: number; since?: number; bytes?: number },
  signal: AbortSignal,
): Promise<string> {
  const query = { stdout: true, stderr: true, tail, ...(since === undefined ? {} : { since }) };
  const raw = await open(docker, { path: `/tasks/${taskId}/logs`, query, signal });
  const text = new PassThrough();
  const read = collect(text);
  docker.modem.demuxStream(raw, text, text);
  let came = 0;
  await new Promise<void>((resolve, reject) => {
    raw.once('end', resolve).once('error', reject);
    raw.on('data', (chunk: Buffer) => {
      came += chunk.length;
      if (came < bytes) return;
      resolve();
      raw.destroy();
    });
  });
  return read();
}

/** Takes what comes, as it comes. */
export interface LogSink {
  stdout(text: Buffer): void;
  stderr(text: Buffer): void;
}

/** Both streams of a task's log from its beginning on, until it ends or `signal` ends it. */
export async function followLog(
  docker: Dockerode,
  taskId: string,
  sink: LogSink,
  signal: AbortSignal,
): Promise<void> {
  const query = { stdout: true, stderr: true, follow: true, tail: 'all' };
  const raw = await open(docker, { path: `/tasks/${taskId}/logs`, query, signal });
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  stdout.on('data', (chunk: Buffer) => sink.stdout(chunk));
  stderr.on('data', (chunk: Buffer) => sink.stderr(chunk));
  docker.modem.demuxStream(raw, stdout, stderr);
  await new Promise<void>((resolve, reject) => {
    raw.once('end', resolve).once('close', resolve);
    raw.once('error', (error) => (signal.aborted ? resolve() : reject(error)));
  });
}

/** What has come out of a stream, once it has ended. */
export function collect(stream: PassThrough): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}
