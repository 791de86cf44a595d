import { spawn } from 'node:child_process';
import { Agent } from 'node:http';
import { createConnection, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';
import Docker from 'dockerode';
import { type DockerHost, loginArguments, parseDockerHost, sshArguments } from './host';
import { type Ask, leaveDeadConnection, mayShare } from './reach/shared';
import { StdioSocket } from './stdio-socket';

/** How to reach a Docker daemon. */
export interface ConnectOptions {
  /** `ssh://user@host:port` or `unix:///path`. */
  readonly host: string;
  /** Arguments for ssh, as in the provider's `ssh_opts`. @default - none */
  readonly sshOptions?: readonly string[];
  /** Pass by a shared ssh connection, which may be the one that died. @default false */
  readonly fresh?: boolean;
  /** Not the connection that is kept for all: what takes long there would hold them up. @default false */
  readonly apart?: boolean;
}

/** An open way to a Docker daemon. */
export interface Connection {
  readonly docker: Docker;
  /** To be waited for before a request: a shared ssh connection that leads nowhere any more is left by then. */
  ready(): Promise<void>;
  /**
   * Ends the connection and the ssh process under it. Requests still under way fail.
   *
   * @param broken a request through it failed, or has had no answer: nobody else gets it. @default false
   */
  close(broken?: boolean): void;
}

/** Ways that stay open while some work is under way, by where they lead. */
const kept = new Map<string, Connection>();

const placeOf = ({ host, sshOptions = [] }: ConnectOptions): string => JSON.stringify([host, sshOptions]);

/** What a long wait makes of a kept connection nobody can tell. */
export interface Kept {
  /** Who comes next gets a new one. */
  renew(): void;
  /**
   * Asks it now and then during a long wait in which nobody else does. What it returns ends that, and renews the connection
   * where it has not answered lately: a new one takes a quarter of a second.
   */
  attend(): () => void;
}

const ATTEND_MS = 2000;
/** An answer so old says nothing any more. */
const HEARD_LATELY_MS = 5000;

/**
 * Keeps one connection open for all clients of a daemon while `work` is under way, since each new one takes a tenth of a
 * second and more. It is opened by the first request. Clients that want one of their own (`fresh`) get that.
 */
export async function keepConnection<T>(
  options: ConnectOptions,
  work: (kept: Kept) => Promise<T>,
): Promise<T> {
  const place = placeOf(options);
  let own: Connection | undefined;
  const renew = () => {
    own?.close();
    own = open(options);
    kept.set(place, own);
  };
  const unlessLost = (lives: boolean) => {
    if (!lives || kept.get(place) !== own) renew();
  };
  renew();
  try {
    return await work({ renew, attend: () => attend(own!, unlessLost) });
  } finally {
    kept.delete(place);
    own?.close();
  }
}

/** @param onEnd gets whether it has answered lately */
function attend({ docker }: Connection, onEnd: (lives: boolean) => void): () => void {
  let heard = Number.NEGATIVE_INFINITY;
  let asking = false;
  const ask = async () => {
    if (asking) return;
    asking = true;
    try {
      await docker.ping();
      heard = performance.now();
      asking = false;
    } catch {
      // Each further question would log in: once is enough, at the end of the wait.
      heard = Number.NEGATIVE_INFINITY;
    }
  };
  ask();
  const timer = setInterval(ask, ATTEND_MS).unref();
  return () => {
    clearInterval(timer);
    onEnd(performance.now() - heard <= HEARD_LATELY_MS);
  };
}

/**
 * A Docker client over the system's own ssh (its configuration, agent, known hosts), or over a local socket.
 *
 * Nothing is opened before the first request. Requests share a kept connection; a command in a container takes one
 * for itself while it runs. Errors of requests become words in `explain`.
 *
 * @throws when `host` cannot be read
 */
export function connect(options: ConnectOptions): Connection {
  const place = placeOf(options);
  const shared = options.fresh || options.apart ? undefined : kept.get(place);
  if (!shared) return open(options);
  // Others may still be at it: it ends with the work for which it is kept.
  const close = (broken = false) => {
    if (broken && kept.get(place) === shared) kept.delete(place);
  };
  return { ...shared, close };
}

function open(options: ConnectOptions): Connection {
  const target = parseDockerHost(options.host);
  let closed = false;
  let looking = false;
  const begin = (): Duplex => {
    if (closed) return refused();
    if (target.kind === 'unix') return createConnection({ path: target.path });
    const args = sshArguments(target, options.sshOptions ?? [], options.fresh);
    const start = () => spawn('ssh', args, { stdio: ['pipe', 'pipe', 'pipe'], env: process.env });
    return new StdioSocket(start, !looking);
  };
  const agent = Object.assign(new Agent({ keepAlive: true, maxSockets: 2 }), {
    createConnection: begin,
    // Before each request docker-modem writes all that hangs on it into a debug line, shown or not: 20 ms of the processor.
    [inspect.custom]: () => 'Agent',
  });
  // What would lead elsewhere is given, since docker-modem fills every gap from the environment. A socket, whose path nobody
  // opens: for a host it would ask `url.parse`, which Node.js 24 warns of on the terminal.
  const way = { protocol: 'http', host: '', socketPath: 'docker', timeout: undefined, agent };
  const docker = new Docker(way as Docker.DockerOptions);
  const close = () => {
    closed = true;
    agent.destroy();
  };
  // The session that answers is the one that the next request takes.
  const ask = async (abortSignal: AbortSignal) => {
    looking = true;
    try {
      // Its types know no options.
      await docker.ping({ abortSignal } as never);
    } catch {
      // An error is an answer.
    }
    looking = false;
    return !closed;
  };
  return { docker, ready: once(() => pastDeadConnection(target, options, ask)), close };
}

async function pastDeadConnection(
  target: DockerHost,
  { sshOptions = [], fresh }: ConnectOptions,
  ask: Ask,
): Promise<void> {
  if (target.kind === 'unix' || fresh || !mayShare(sshOptions)) return;
  await leaveDeadConnection(loginArguments(target, sshOptions), ask);
}

function once<T>(work: () => T): () => T {
  let done: { readonly value: T } | undefined;
  return () => {
    done ??= { value: work() };
    return done.value;
  };
}

/** For requests that wait in http.Agent's queue: it opens a connection for them when the ones before have ended. */
function refused(): Socket {
  const socket = new Socket();
  setImmediate(() => socket.destroy(new Error('the connection is closed')));
  return socket;
}
