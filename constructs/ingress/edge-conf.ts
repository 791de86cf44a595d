import { Duration } from '../units';
import { type Connections, connectionsOf } from '../units/connections';
import { BACKLOG, healthServer, mainContext, timeOf } from './nginx-common';
import { checkPort, checkWord } from './nginx-routes';

export interface EdgeConfOptions {
  /** @default 'nginx' - the service that the edge passes connections to */
  readonly service?: string;
  /** @default - 8080 and 8443, where nginx expects the PROXY protocol */
  readonly servicePorts?: { readonly http?: number; readonly https?: number };
  /** @default - 80 and 443, published in host mode; 8081 on loopback for the container's health check */
  readonly ports?: { readonly http?: number; readonly https?: number; readonly health?: number };
  /**
   * Seconds that a stopping edge gives its connections. It is stop-first, since a host-mode port has one holder, so
   * each second is one without new connections, and clients keep idle ones open for longer than any sensible wait.
   * @default 1
   */
  readonly shutdownTimeout?: number;
  /** @default - `connectionsOf()` */
  readonly connections?: Connections;
  /** How long a connection may be silent. @default an hour */
  readonly idleTimeout?: Duration;
  /** Networks whose connections begin with the PROXY protocol; then all have to. @default nobody's */
  readonly trustedProxies?: readonly string[] | undefined;
  /** @default '127.0.0.11' - Docker's DNS in every container */
  readonly resolver?: string;
  /** @default - the places compiled into the image */
  readonly runtimeFolder?: string;
}

/**
 * nginx.conf of the edge: host-mode ports passed to nginx's tasks with the client's address (PROXY protocol), so that
 * nginx itself can roll start-first. It names no route and no certificate, hence hardly ever changes. For nginx ≥ 1.27.3
 * with the stream module, which the official image has.
 *
 * @throws Error for a name or port that would break the file
 */
export function edgeConf(options: EdgeConfOptions = {}): string {
  const {
    service = 'nginx',
    servicePorts,
    ports,
    trustedProxies,
    resolver = '127.0.0.11',
    runtimeFolder,
  } = options;
  const idleTimeout = options.idleTimeout ?? Duration.hours(1);
  for (const [what, word] of Object.entries({ service, resolver, runtimeFolder: runtimeFolder ?? '/' })) {
    checkWord(what, word);
  }
  for (const port of [...Object.values(servicePorts ?? {}), ...Object.values(ports ?? {})])
    checkPort(port, 'edge');
  const pass = (name: string, listen: number, target: number) => `
  upstream ${name} {
    zone ${name} 64k;
    server tasks.${service}:${target} resolve max_fails=0;
  }
  server {
    listen ${listen}${trustedProxies ? ' proxy_protocol' : ''} backlog=${BACKLOG};
    proxy_pass ${name};
    proxy_protocol on;
  }
`;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const paths = temporary.map((kind) => `  ${kind}_temp_path ${runtimeFolder}/${kind};\n`).join('');
  const { perAddress, total } = options.connections ?? connectionsOf();
  // Each leads on to nginx, and the kernel may give all of them to one worker.
  const main = { shutdownTimeout: options.shutdownTimeout ?? 1, runtimeFolder, connections: 2 * total + 64 };
  return `${mainContext(main)}
stream {
  # What is beyond them ends at once, before it costs a connection to nginx.
  limit_conn_zone $binary_remote_addr zone=address:10m;
  limit_conn_zone $protocol zone=all:64k;
  limit_conn address ${perAddress};
  limit_conn all ${total};
  limit_conn_log_level warn;
  # Two for each connection.
  proxy_buffer_size 4k;
  resolver ${resolver} valid=1s ipv6=off;
  proxy_connect_timeout 500ms;
  proxy_timeout ${timeOf(idleTimeout)};
  proxy_next_upstream on;
${(trustedProxies ?? []).map((network) => `  set_real_ip_from ${network};\n`).join('')}${pass('http', ports?.http ?? 80, servicePorts?.http ?? 8080)}${pass('https', ports?.https ?? 443, servicePorts?.https ?? 8443)}}

http {
  access_log off;
${runtimeFolder === undefined ? '' : paths}${healthServer(ports?.health ?? 8081).replace(/^/gm, '  ')}
}
`;
}
