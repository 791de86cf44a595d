/** What nginx and the edge share. */

export const HEALTH = `location = /health { access_log off; default_type text/plain; return 200 "ok\\n"; }`;

/** A listener on loopback that a container's health check asks without TLS and without the PROXY protocol. */
export function healthServer(port: number): string {
  return `server {
  listen 127.0.0.1:${port};
  ${HEALTH}
}`;
}

/** Main context that nginx and the edge share; without a time-out, old workers end with their last connection. */
export function mainContext(shutdownTimeout: number | undefined, runtimeFolder?: string): string {
  const pid = runtimeFolder === undefined ? '' : `\npid ${runtimeFolder}/nginx.pid;`;
  const timeout = shutdownTimeout === undefined ? '' : `\nworker_shutdown_timeout ${shutdownTimeout}s;`;
  // Not 'auto': that counts the node's cores, while the service has half of one, and each worker keeps upstream
  // connections of its own.
  return `worker_processes 2;
worker_rlimit_nofile 16384;${timeout}
error_log stderr warn;${pid}
`;
}

export const indent = (text: string) => text.replace(/^(?=.)/gm, '  ');
