import { checkPort, checkRoutes, checkWord, type Route, rateLimitOf } from './nginx-routes';

export type { RateLimit, Route } from './nginx-routes';

export interface NginxConfOptions {
  readonly routes: readonly Route[];
  /** @default '_' - any host */
  readonly serverName?: string;
  /** nginx stands behind the edge, which speaks the PROXY protocol to it and publishes the ports. */
  readonly behindEdge: boolean;
  /**
   * Networks that may tell the client's address (CIDR). Only with `behindEdge`.
   * @default - the private ranges of RFC 1918: only the overlay reaches these unpublished ports
   */
  readonly trustedProxies?: readonly string[];
  /**
   * Largest request body, in nginx's notation.
   * @default '50m'
   */
  readonly maxBodySize?: string;
  /** @default '/run/secrets/fullchain.pem' */
  readonly certificate?: string;
  /** @default '/run/secrets/privkey.pem' */
  readonly certificateKey?: string;
  /**
   * Strict-Transport-Security for two years. Not with a self-signed pair: browsers then refuse without a way round.
   * @default false
   */
  readonly hsts?: boolean;
  /**
   * Port of HTTPS as clients see it; redirects and forwarded headers name it.
   * @default 443
   */
  readonly publicHttpsPort?: number;
  /**
   * Seconds that nginx waits for a service's next byte.
   * @default - 60 for a request, 3600 for a WebSocket
   */
  readonly readTimeouts?: { readonly request?: number; readonly websocket?: number };
  /**
   * Seconds that a stopping nginx gives its connections; below the service's stopGracePeriod. Without the edge nginx is
   * stop-first, and each of these seconds is an outage for new connections.
   * @default - 50 behind the edge, 5 without
   */
  readonly shutdownTimeout?: number;
  /**
   * Folder that serves `/.well-known/acme-challenge/` over HTTP.
   * @default - none
   */
  readonly acmeWebroot?: string;
  /** @default - 80 and 443; 8080 and 8443 behind the edge; 8081 on loopback for the container's health check */
  readonly ports?: { readonly http?: number; readonly https?: number; readonly health?: number };
  /** @default '127.0.0.11' - Docker's DNS in every container */
  readonly resolver?: string;
  /**
   * Folder for the pid and temporary files, which a read-only root file system or another user needs.
   * @default - the places compiled into the image
   */
  readonly runtimeFolder?: string;
}

/**
 * nginx.conf for nginx ≥ 1.27.4 (`resolve` in upstreams, `keepalive_min_timeout`), without modules to load.
 * @throws Error for routes or values that nginx would refuse or understand in another way
 */
export function nginxConf(options: NginxConfOptions): string {
  const { routes, behindEdge, serverName = '_', publicHttpsPort = 443, resolver = '127.0.0.11' } = options;
  const http = options.ports?.http ?? (behindEdge ? 8080 : 80);
  const https = options.ports?.https ?? (behindEdge ? 8443 : 443);
  const proxyProtocol = behindEdge ? ' proxy_protocol' : '';
  const authority = publicHttpsPort === 443 ? '$host' : `$host:${publicHttpsPort}`;
  check(options);

  return `${mainContext(options.shutdownTimeout ?? (behindEdge ? 50 : 5), options.runtimeFolder)}
events {
  worker_connections 4096;
}

http {
${indent(
  [
    logging(),
    // Docker's DNS says 600 s; Swarm takes a task out of it only two seconds before it stops the task.
    `resolver ${resolver} valid=1s ipv6=off;`,
    behindEdge ? realAddress(options.trustedProxies ?? PRIVATE_NETWORKS) : '',
    clientSide(options),
    proxying(authority, publicHttpsPort, options.readTimeouts?.request ?? 60),
    limits(routes),
    upstreams(routes),
    httpServer(http, proxyProtocol, serverName, authority, options.acmeWebroot),
    httpsServer(`listen ${https} ssl${proxyProtocol} default_server;`, authority, options),
    healthServer(options.ports?.health ?? 8081),
  ]
    .filter((section) => section !== '')
    .join('\n\n'),
)}
}
`;
}

/** A listener on loopback that a container's health check asks without TLS and without the PROXY protocol. */
export function healthServer(port: number): string {
  return `server {
  listen 127.0.0.1:${port};
  ${HEALTH}
}`;
}

/** Main context that nginx and the edge share. */
export function mainContext(shutdownTimeout: number, runtimeFolder?: string): string {
  const pid = runtimeFolder === undefined ? '' : `\npid ${runtimeFolder}/nginx.pid;`;
  // Not 'auto': that counts the node's cores, while the service has half of one, and each worker keeps upstream
  // connections of its own.
  return `worker_processes 2;
worker_rlimit_nofile 16384;
worker_shutdown_timeout ${shutdownTimeout}s;
error_log stderr warn;${pid}
`;
}

const HEALTH = `location = /health { access_log off; default_type text/plain; return 200 "ok\\n"; }`;
const PRIVATE_NETWORKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/** Mozilla's intermediate profile (ssl-config.mozilla.org), without the DHE suites, which need a parameter file. */
const CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

// No query: a browser's WebSocket cannot send headers, so tokens travel there.
const logging = () => `map $request_uri $request_path { "~^(?<path_only>[^?]*)" $path_only; }
log_format access '$remote_addr [$time_iso8601] "$request_method $request_path $server_protocol" $status '
                  '$body_bytes_sent rt=$request_time upstream=$upstream_addr us=$upstream_status '
                  'ut=$upstream_response_time "$http_user_agent"';
access_log /dev/stdout access;
server_tokens off;`;

const realAddress = (networks: readonly string[]) =>
  `${networks.map((network) => `set_real_ip_from ${network};`).join('\n')}
real_ip_header proxy_protocol;`;

// keepalive_min_timeout keeps idle connections of a stopping nginx for as long as a client may just be writing to one.
// Only where another nginx already takes the new ones: without the edge it would prolong the outage.
const clientSide = ({ behindEdge, maxBodySize = '50m', runtimeFolder }: NginxConfOptions) => {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const paths = temporary.map((kind) => `\n${kind}_temp_path ${runtimeFolder}/${kind};`).join('');
  return `client_max_body_size ${maxBodySize};
keepalive_timeout 75s;${behindEdge ? '\nkeepalive_min_timeout 10s;' : ''}
gzip on;
gzip_vary on;
gzip_proxied any;
gzip_min_length 1024;
gzip_types application/javascript application/json image/svg+xml text/css text/plain text/xml;${
    runtimeFolder === undefined ? '' : paths
  }`;
};

// proxy_next_upstream stays at its default: a POST that was sent may have been executed.
const proxying = (
  authority: string,
  port: number,
  readTimeout: number,
) => `map $http_upgrade $connection_upgrade {
  default upgrade;
  '' '';
}
proxy_http_version 1.1;
proxy_connect_timeout 2s;
proxy_read_timeout ${readTimeout}s;
${forwarded(authority, port)}
proxy_set_header Connection "";
# Services see plain HTTP and say so in their redirects.
proxy_redirect http://${authority}/ https://${authority}/;`;

// The client's own X-Forwarded-For is dropped: nothing before nginx is trusted to have set it.
const forwarded = (authority: string, port: number) => `proxy_set_header Host ${authority};
proxy_set_header X-Real-IP $remote_addr;
proxy_set_header X-Forwarded-For $remote_addr;
proxy_set_header X-Forwarded-Proto $scheme;
proxy_set_header X-Forwarded-Port ${port};`;

const zoneOf = (service: string, rate: number) => `limit_${service}_${rate}`;

function limits(routes: readonly Route[]): string {
  const zones = new Map<string, number>();
  for (const route of routes) {
    const rate = rateLimitOf(route)?.requestsPerSecond;
    if (rate) zones.set(zoneOf(route.service, rate), rate);
  }
  const lines = [...zones].map(
    ([zone, rate]) => `limit_req_zone $binary_remote_addr zone=${zone}:5m rate=${rate}r/s;`,
  );
  return [...lines, 'limit_req_status 429;', 'limit_req_log_level warn;'].join('\n');
}

function upstreams(routes: readonly Route[]): string {
  const ports = new Map(routes.map(({ service, port }) => [service, port]));
  const block = ([service, port]: [string, number]) => `upstream ${service} {
  zone upstream_${service} 64k;
  least_conn;
  server tasks.${service}:${port} resolve max_fails=0;
  keepalive 32;
}`;
  return [...ports].map(block).join('\n');
}

// Each server repeats them: one add_header in a block drops all that it would inherit.
const securityHeaders = (hsts: boolean) => `add_header X-Frame-Options SAMEORIGIN always;
add_header X-Content-Type-Options nosniff always;
add_header Referrer-Policy strict-origin-when-cross-origin always;${
  hsts ? '\nadd_header Strict-Transport-Security "max-age=63072000" always;' : ''
}`;

const httpServer = (
  port: number,
  proxyProtocol: string,
  serverName: string,
  authority: string,
  acmeWebroot?: string,
) => {
  const acme = `location ^~ /.well-known/acme-challenge/ { default_type text/plain; root ${acmeWebroot}; }\n`;
  return `server {
  listen ${port}${proxyProtocol} default_server;
  server_name ${serverName};
${indent(securityHeaders(false))}
  ${HEALTH}
  ${acmeWebroot === undefined ? '' : `${acme}  `}location / { return 301 https://${authority}$request_uri; }
}`;
};

function httpsServer(listen: string, authority: string, options: NginxConfOptions): string {
  const { certificate = '/run/secrets/fullchain.pem', certificateKey = '/run/secrets/privkey.pem' } = options;
  const port = options.publicHttpsPort ?? 443;
  const websocket = options.readTimeouts?.websocket ?? 3600;
  return `server {
  ${listen}
  http2 on;
  server_name ${options.serverName ?? '_'};
  absolute_redirect off;
  ssl_certificate ${certificate};
  ssl_certificate_key ${certificateKey};
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_ciphers ${CIPHERS};
  ssl_ecdh_curve X25519:prime256v1:secp384r1;
  ssl_prefer_server_ciphers off;
  ssl_session_timeout 1d;
  ssl_session_cache shared:tls:10m;
  ssl_session_tickets off;
${indent(securityHeaders(options.hsts ?? false))}
  ${HEALTH}
${options.routes.map((route) => indent(location(route, authority, port, websocket))).join('\n')}
}`;
}

function location(route: Route, authority: string, port: number, websocketTimeout: number): string {
  const limit = rateLimitOf(route);
  const lines = [`proxy_pass http://${route.service};`];
  if (limit) {
    lines.unshift(
      `limit_req zone=${zoneOf(route.service, limit.requestsPerSecond)} burst=${limit.burst} nodelay;`,
    );
  }
  if (route.websocket) {
    // All of them again: one proxy_set_header in a block drops all that it would inherit.
    lines.push(
      forwarded(authority, port),
      'proxy_set_header Upgrade $http_upgrade;',
      'proxy_set_header Connection $connection_upgrade;',
      `proxy_read_timeout ${websocketTimeout}s;`,
      `proxy_send_timeout ${websocketTimeout}s;`,
    );
  }
  return `location ${route.path} {\n${indent(lines.join('\n'))}\n}`;
}

function check(options: NginxConfOptions): void {
  checkRoutes(options.routes);
  const { certificate, certificateKey, acmeWebroot, runtimeFolder, resolver, serverName } = options;
  const words = { certificate, certificateKey, acmeWebroot, runtimeFolder, resolver, serverName };
  for (const [what, value] of Object.entries(words)) if (value !== undefined) checkWord(what, value);
  for (const network of options.trustedProxies ?? []) checkWord('trustedProxies', network);
  if (options.trustedProxies && !options.behindEdge) {
    throw new Error('trustedProxies without behindEdge: nobody tells nginx an address then. Leave it out');
  }
  checkPort(options.publicHttpsPort ?? 443, 'publicHttpsPort');
  if (!/^\d+[kmg]?$/i.test(options.maxBodySize ?? '50m')) {
    throw new Error(`maxBodySize '${options.maxBodySize}' is no size of nginx. Write '50m'`);
  }
}

const indent = (text: string) => text.replace(/^(?=.)/gm, '  ');
