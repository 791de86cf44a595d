import type { Duration } from '../units';

/** What nginx and the edge share. */

export const HEALTH = `location = /health { access_log off; default_type text/plain; return 200 OK; }`;

/** Not 'auto': that counts the node's cores, while the service has half of one, and each worker keeps upstream connections of its own. */
export const WORKERS = 2;

/** Of a worker: temporary files of bodies, logs, the configuration. */
const FILES_BESIDES = 2048;

/** As long as a kernel allows in a container: what comes at once waits there, and is not asked to come again a second later. */
export const BACKLOG = 4096;

/** A listener on loopback that a container's health check asks without TLS and without the PROXY protocol. */
export function healthServer(port: number): string {
  return `server {
  listen 127.0.0.1:${port};
  ${HEALTH}
}`;
}

export interface MainContext {
  /** Without a time-out, old workers end with their last connection. */
  readonly shutdownTimeout?: number | undefined;
  readonly runtimeFolder?: string | undefined;
  /** Connections of one worker, to clients and to services together. */
  readonly connections: number;
}

/** Main context that nginx and the edge share, and the number of connections. */
export function mainContext({ shutdownTimeout, runtimeFolder, connections }: MainContext): string {
  const pid = runtimeFolder === undefined ? '' : `\npid ${runtimeFolder}/nginx.pid;`;
  const timeout = shutdownTimeout === undefined ? '' : `\nworker_shutdown_timeout ${shutdownTimeout}s;`;
  return `worker_processes ${WORKERS};
worker_rlimit_nofile ${connections + FILES_BESIDES};${timeout}
error_log stderr warn;${pid}

events {
  worker_connections ${connections};
}
`;
}

export const indent = (text: string) => text.replace(/^(?=.)/gm, '  ');

/** As nginx writes times, which knows no fractions. */
export const timeOf = (duration: Duration): string =>
  Number.isInteger(duration.toSeconds()) ? duration.toString() : `${duration.toMilliseconds()}ms`;
