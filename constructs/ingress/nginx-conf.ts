import { connectionsOf } from '../units/connections';
import { bounds, workerConnections } from './nginx-bounds';
import { healthServer, indent, mainContext } from './nginx-common';
import { clientAddress, clientOf, proxyNetworks } from './nginx-front';
import { headerDefaults } from './nginx-headers';
import { clientSide, LONG_NAMES, logging, proxying, realAddress, secondTry } from './nginx-http';
import { limitKeys, limits } from './nginx-limits';
import { MAX_BODY_SIZE, type NginxConfOptions } from './nginx-options';
import { partMaps } from './nginx-parts';
import { checkPort, checkRoutes, checkWord, isBodySize, type Route } from './nginx-routes';
import { FIRST_ON_PORT, httpServer, httpsServer, strangers, tls } from './nginx-servers';
import { upstreams } from './nginx-upstreams';

export type { NginxConfOptions } from './nginx-options';
export type { RateLimit, Route } from './nginx-routes';

/**
 * nginx.conf for nginx ≥ 1.27.4 (`resolve` in upstreams, `keepalive_min_timeout`), without modules to load.
 * @throws Error for routes or values that nginx would refuse or understand in another way
 */
export function nginxConf(options: NginxConfOptions): string {
  const { routes, behindEdge, hosts, front, publicHttpsPort = 443, resolver = '127.0.0.11' } = options;
  const client = clientOf(front);
  const speakers = behindEdge ? (options.trustedProxies ?? PRIVATE_NETWORKS) : proxyNetworks(front);
  const proxyProtocol = speakers ? ' proxy_protocol' : '';
  const http = `${options.ports?.http ?? (behindEdge ? 8080 : 80)}${proxyProtocol}`;
  const https = `${options.ports?.https ?? (behindEdge ? 8443 : 443)} ssl${proxyProtocol}`;
  const authority = publicHttpsPort === 443 ? '$host' : `$host:${publicHttpsPort}`;
  const readTimeout = options.readTimeouts?.request ?? 60;
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
    logging(client),
    LONG_NAMES,
    // Docker's DNS says 600 s; Swarm takes a task out of it only two seconds before it stops the task.
    `resolver ${resolver} valid=1s ipv6=off;`,
    speakers ? realAddress(speakers) : '',
    clientAddress(front),
    clientSide(options),
    bounds({ connections, front }),
    proxying({ authority, port: publicHttpsPort, client }, readTimeout, shortestTimeout(routes, readTimeout)),
    secondTry(),
    headerDefaults(options.hsts ?? false),
    partMaps([...limitKeys(routes), ...routes.flatMap(({ affinity }) => affinity ?? [])]).join('\n'),
    limits(routes, client),
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

/** In milliseconds. */
const shortestTimeout = (routes: readonly Route[], seconds: number): number =>
  Math.min(seconds * 1000, ...routes.flatMap(({ timeout }) => timeout?.toMilliseconds() ?? []));

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
  if (!isBodySize(options.maxBodySize ?? MAX_BODY_SIZE)) {
    throw new Error(`maxBodySize '${options.maxBodySize}' is no size of nginx. Write '50m'`);
  }
}
