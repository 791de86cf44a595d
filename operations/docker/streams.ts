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
  {
    tail,
    since,
    bytes = Number.POSITIVE_INFINITY,
    lastBytes,
  }: { tail: number; since?: number; bytes?: number; lastBytes?: number },
  signal: AbortSignal,
): Promise<string> {
  const query = { stdout: true, stderr: true, tail, ...(since === undefined ? {} : { since }) };
  const raw = await open(docker, { path: `/tasks/${taskId}/logs`, query, signal });
  const text = new PassThrough();
  const read = collect(text, lastBytes);
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

/** Takes what a program says, as it comes. */
export interface LogSink {
  /** @param at when it was said: all are written alike, so that their order is that of the texts */
  stdout(text: Buffer, at: string): void;
  stderr(text: Buffer, at: string): void;
}

/** Which part of a log, and for how long. */
export interface LogPart {
  /** In seconds since 1970, by the clock of the task's node. @default its beginning */
  readonly since?: number;
  /** Also what comes later: until `signal` ends it, for Swarm never does (swarmkit, `subscription.Wait`). Else to its present end. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/** Docker's own words in a log, in place of what it cannot give. */
class LogRefused extends Error {
  readonly statusCode = 500;
}

/** As Docker writes it before each message: RFC 3339, with all nine digits of a nanosecond (moby, `WriteLogStream`). */
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}(?:Z|[+-]\d\d:\d\d)) /;
const LONGEST_TIME = 40;

/** Both streams of a task's log. Resolves at their end, and where `signal` ends it. */
export async function streamLog(
  docker: Dockerode,
  taskId: string,
  sink: LogSink,
  { since, follow, signal }: LogPart,
): Promise<void> {
  const query = {
    ...{ stdout: true, stderr: true, timestamps: true, tail: 'all' },
    ...(follow ? { follow } : {}),
    ...(since === undefined ? {} : { since }),
  };
  const raw = await open(docker, { path: `/tasks/${taskId}/logs`, query, signal });
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error) => (signal.aborted ? resolve() : reject(error));
    const take = framesTo((stream, content) => {
      const [, at] = TIME.exec(content.toString('latin1', 0, LONGEST_TIME)) ?? [];
      if (at !== undefined) sink[stream === 2 ? 'stderr' : 'stdout'](content.subarray(at.length + 1), at);
      else {
        fail(new LogRefused(content.toString('utf8').trim()));
        raw.destroy();
      }
    });
    const broken = () => fail(new Error('the log broke off'));
    raw.on('data', take).on('error', broken).once('close', broken).once('end', resolve);
  });
}

/**
 * Takes apart what Docker puts behind each other: the stream (1, 2, or 3 for its own errors) in the first byte, the length of
 * the content in the fifth to eighth, the content. docker-modem takes a 3 for the end of all that, and shows it raw.
 */
function framesTo(take: (stream: number, content: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 8 && rest.length >= 8 + rest.readUInt32BE(4)) {
      const end = 8 + rest.readUInt32BE(4);
      take(rest.readUInt8(0), rest.subarray(8, end));
      rest = rest.subarray(end);
    }
  };
}

/**
 * What has come out of a stream, once it has ended.
 *
 * @param last bytes that are kept of its end; the first line, and its first character, may be cut off then
 */
export function collect(stream: PassThrough, last = Number.POSITIVE_INFINITY): () => string {
  const chunks: Buffer[] = [];
  let held = 0;
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    held += chunk.length;
    while (held - chunks[0]!.length >= last) held -= chunks.shift()!.length;
  });
  return () =>
    Buffer.concat(chunks)
      .subarray(Math.max(0, held - last))
      .toString('utf8');
}
