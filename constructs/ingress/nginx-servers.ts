import { unknownLength } from './nginx-bounds';
import { BACKLOG, HEALTH, indent } from './nginx-common';
import { clientOf } from './nginx-front';
import { securityHeaders } from './nginx-headers';
import { locations } from './nginx-locations';
import { MAX_BODY_SIZE, type NginxConfOptions } from './nginx-options';

/** Mozilla's intermediate profile (ssl-config.mozilla.org), without the DHE suites, which need a parameter file. */
const CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/** After `listen`, for the server that a port's socket is made for and that gets what is for no other. */
export const FIRST_ON_PORT = ` default_server backlog=${BACKLOG}`;

/** The server for hosts that nobody named: it answers what it is, to balancers that ask by an address, and nothing else. */
export const strangers = (listen: string) => `server {
  ${listen}${FIRST_ON_PORT};
  server_name _;
  ${HEALTH}
  location / { return 421; }
}`;

const named = (hosts: readonly string[] | undefined) => `server_name ${hosts?.join(' ') ?? '_'};`;

export const httpServer = (
  listen: string,
  hosts: readonly string[] | undefined,
  authority: string,
  acmeWebroot?: string,
) => {
  const acme = `location ^~ /.well-known/acme-challenge/ { default_type text/plain; log_not_found off; root ${acmeWebroot}; }\n`;
  return `server {
  ${listen};
  ${named(hosts)}
${indent(securityHeaders(false))}
  ${HEALTH}
  ${acmeWebroot === undefined ? '' : `${acme}  `}location / { return 301 https://${authority}$request_uri; }
}`;
};

/** Of every server: who asks for an unknown host learns it by HTTP. The groups are in `TLS_GROUPS`. */
export function tls(options: NginxConfOptions): string {
  const { certificate = '/run/secrets/fullchain.pem', certificateKey = '/run/secrets/privkey.pem' } = options;
  return `http2 on;
ssl_certificate ${certificate};
ssl_certificate_key ${certificateKey};
ssl_protocols TLSv1.2 TLSv1.3;
ssl_ciphers ${CIPHERS};
ssl_prefer_server_ciphers off;
ssl_session_timeout 1d;
ssl_session_cache shared:tls:10m;
ssl_session_tickets off;`;
}

export function httpsServer(listen: string, authority: string, options: NginxConfOptions): string {
  const hsts = options.hsts ?? false;
  const forRoutes = {
    authority,
    hsts,
    client: clientOf(options.front),
    port: options.publicHttpsPort ?? 443,
    websocketTimeout: options.readTimeouts?.websocket ?? 3600,
  };
  return `server {
  ${listen};
  ${named(options.hosts)}
  absolute_redirect off;
  ${unknownLength(options.maxBodySize ?? MAX_BODY_SIZE)}
${indent(securityHeaders(hsts))}
  ${HEALTH}
${options.routes.map((route) => indent(locations(route, forRoutes))).join('\n')}
}`;
}
