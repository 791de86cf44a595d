import { connectionsOf } from '../units/connections';
import { bounds, workerConnections } from './nginx-bounds';
import { healthServer, indent, mainContext } from './nginx-common';
import { clientSide, limits, logging, proxying, realAddress, secondTry, upstreams } from './nginx-http';
import type { NginxConfOptions } from './nginx-options';
import { checkPort, checkRoutes, checkWord } from './nginx-routes';
import { FIRST_ON_PORT, httpServer, httpsServer, strangers, tls } from './nginx-servers';

export type { NginxConfOptions } from './nginx-options';
export type { RateLimit, Route } from './nginx-routes';

/**
 * nginx.conf for nginx ≥ 1.27.4 (`resolve` in upstreams, `keepalive_min_timeout`), without modules to load.
 * @throws Error for routes or values that nginx would refuse or understand in another way
 */
export function nginxConf(options: NginxConfOptions): string {
  const { routes, behindEdge, hosts, publicHttpsPort = 443, resolver = '127.0.0.11' } = options;
  const proxyProtocol = behindEdge ? ' proxy_protocol' : '';
  const http = `${options.ports?.http ?? (behindEdge ? 8080 : 80)}${proxyProtocol}`;
  const https = `${options.ports?.https ?? (behindEdge ? 8443 : 443)} ssl${proxyProtocol}`;
  const authority = publicHttpsPort === 443 ? '$host' : `$host:${publicHttpsPort}`;
  check(options);
  const first = hosts ? '' : FIRST_ON_PORT;
  const connections = options.connections ?? connectionsOf();

  return `${mainContext({
    shutdownTimeout: options.shutdownTimeout ?? (behindEdge ? undefined : 5),
    runtimeFolder: options.runtimeFolder,
    connections: workerConnections(connections, options),
  })}
http {
${indent(
  [
    logging(),
    // Docker's DNS says 600 s; Swarm takes a task out of it only two seconds before it stops the task.
    `resolver ${resolver} valid=1s ipv6=off;`,
    behindEdge ? realAddress(options.trustedProxies ?? PRIVATE_NETWORKS) : '',
    clientSide(options),
    bounds({ connections }),
    proxying(authority, publicHttpsPort, options.readTimeouts?.request ?? 60),
    secondTry(),
    limits(routes),
    upstreams(routes),
    tls(options),
    ...(hosts ? [strangers(`listen ${http}`), strangers(`listen ${https}`)] : []),
    httpServer(`listen ${http}${first}`, hosts, authority, options.acmeWebroot),
    httpsServer(`listen ${https}${first}`, authority, options),
    healthServer(options.ports?.health ?? 8081),
  ]
    .filter((section) => section !== '')
    .join('\n\n'),
)}
}
`;
}

const PRIVATE_NETWORKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

function check(options: NginxConfOptions): void {
  checkRoutes(options.routes);
  const { certificate, certificateKey, acmeWebroot, runtimeFolder, resolver } = options;
  const words = { certificate, certificateKey, acmeWebroot, runtimeFolder, resolver };
  for (const [what, value] of Object.entries(words)) if (value !== undefined) checkWord(what, value);
  for (const host of options.hosts ?? []) checkWord('host', host);
  if (options.hosts?.length === 0) throw new Error('hosts: nobody could ask. Name one, or leave it out');
  for (const network of options.trustedProxies ?? []) checkWord('trustedProxies', network);
  if (options.trustedProxies && !options.behindEdge) {
    throw new Error('trustedProxies without behindEdge: nobody tells nginx an address then. Leave it out');
  }
  checkPort(options.publicHttpsPort ?? 443, 'publicHttpsPort');
  if (!/^\d+[kmg]?$/i.test(options.maxBodySize ?? '1m')) {
    throw new Error(`maxBodySize '${options.maxBodySize}' is no size of nginx. Write '50m'`);
  }
}
