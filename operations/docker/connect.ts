import { spawn } from 'node:child_process';
import { Agent } from 'node:http';
import { createConnection, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import Docker from 'dockerode';
import { type DockerHost, parseDockerHost, sshArguments } from './host';
import { leaveDeadConnection, mayShare } from './reach/shared';
import { StdioSocket } from './stdio-socket';

/** How to reach a Docker daemon. */
export interface ConnectOptions {
  /** `ssh://user@host:port` or `unix:///path`. */
  readonly host: string;
  /** Arguments for ssh, as in the provider's `ssh_opts`. @default - none */
  readonly sshOptions?: readonly string[];
  /** Pass by a shared ssh connection, which may be the one that died. @default false */
  readonly fresh?: boolean;
}

/** An open way to a Docker daemon. */
export interface Connection {
  readonly docker: Docker;
  /** Ends the connection and the ssh process under it. Requests still under way fail. */
  close(): void;
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
  const target = parseDockerHost(options.host);
  let closed = false;
  const open = (): Duplex => {
    if (closed) return refused();
    if (target.kind === 'unix') return createConnection({ path: target.path });
    const args = sshArguments(target, options.sshOptions ?? [], options.fresh);
    return new StdioSocket(() => spawn('ssh', args, { stdio: ['pipe', 'pipe', 'pipe'], env: process.env }));
  };
  const ready = once(() => pastDeadConnection(target, options));
  const openAfter = (
    _: object,
    opened: (error: Error | null, socket: Duplex) => void,
  ): Duplex | undefined => {
    const first = ready();
    if (!first) return open();
    void first.then(() => opened(null, open()));
    return undefined;
  };
  const agent = Object.assign(new Agent({ keepAlive: true, maxSockets: 2 }), { createConnection: openAfter });
  // All of it is given, since docker-modem fills every gap from DOCKER_HOST.
  const docker = new Docker({ protocol: 'http', host: 'docker', port: 80, agent } as Docker.DockerOptions);
  const close = () => {
    closed = true;
    agent.destroy();
  };
  return { docker, close };
}

/** Before the first connection; undefined where there is none that it could share. */
function pastDeadConnection(
  target: DockerHost,
  { sshOptions = [], fresh }: ConnectOptions,
): Promise<void> | undefined {
  if (target.kind === 'unix' || fresh || !mayShare(sshOptions)) return undefined;
  const args = sshArguments(target, sshOptions);
  return leaveDeadConnection(args.slice(0, -3), args.slice(-3));
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
