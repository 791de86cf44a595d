import { type Connections, connectionsOf } from '../units/connections';
import { WORKERS } from './nginx-common';
import { addressKey, clientOf } from './nginx-front';
import type { NginxConfOptions } from './nginx-options';
import { upstreamOf } from './nginx-upstreams';

/**
 * Bodies that do not fit their buffer are files on the node's disk until the service has them: so many at a time. The
 * three classes take about as much of it: 0.3, 1.2 and, with bodies of 50 MB, 0.8 GB. A class that hands its work in at
 * one moment, from one address, sends some MB each.
 */
const BODIES = {
  small: { perAddress: 150, total: 300 },
  medium: { perAddress: 60, total: 120 },
  large: { perAddress: 8, total: 16 },
} as const;
type Size = keyof typeof BODIES;

const MIB = 1024 ** 2;
const BYTES: Readonly<Record<string, number>> = { '': 1, k: 1024, m: MIB, g: 1024 ** 3 };

/** What a body counts as that does not say how long it is: it may be as long as any where this stands. */
export function unknownLength(maxBodySize: string): string {
  const [, number, unit = ''] = /^(\d+)(\D?)$/.exec(maxBodySize) ?? [];
  const most = Number(number) * BYTES[unit.toLowerCase()]!;
  const fits = (bytes: number) => most > 0 && most <= bytes;
  const size: Size = fits(MIB) ? 'small' : fits(10 * MIB) ? 'medium' : 'large';
  return `set $unknown_length ${size};`;
}

/** What a client may keep: of memory with its connections and requests, of the disk with its bodies. */
export function bounds({
  connections = connectionsOf(),
  front,
}: Pick<NginxConfOptions, 'connections' | 'front'>): string {
  const address = addressKey(clientOf(front));
  const zone = (key: string, name: string, size: string) => `limit_conn_zone ${key} zone=${name}:${size};`;
  return `# One connection of HTTP/2 has many requests, and each needs as much as a connection.
${zone(address, 'requests', '5m')}
${zone('all', 'all_requests', '64k')}
limit_conn requests ${connections.perAddress};
limit_conn all_requests ${connections.total};
# A body below 10 kB fits its buffer. HTTP/1 says that there is a body; HTTP/2 may send one without a word.
map "$server_protocol:$request_method:$content_length:$http_transfer_encoding" $body {
  default $unknown_length;
  "~^[^:]*:[^:]*:\\d{1,4}:$" '';
  "~^[^:]*:[^:]*:\\d{5,6}:$" small;
  "~^[^:]*:[^:]*:\\d{7}:$" medium;
  "~^[^:]*:[^:]*:\\d{8,}:$" large;
  "~^HTTP/1\\.\\d:[^:]*::$" '';
  "~^[^:]*:(GET|HEAD|OPTIONS|DELETE)::$" '';
}
${(Object.keys(BODIES) as Size[])
  .map(
    (size) => `map $body $${size}_body_of { default ''; ${size} ${address}; }
map $body $${size}_body { default ''; ${size} all; }
${zone(`$${size}_body_of`, `${size}_body_of`, '5m')}
${zone(`$${size}_body`, `${size}_body`, '64k')}
limit_conn ${size}_body_of ${BODIES[size].perAddress};
limit_conn ${size}_body ${BODIES[size].total};`,
  )
  .join('\n')}
limit_conn_status 429;`;
}

/**
 * Connections of one worker. Behind the edge, which counts them, one worker may get them all, each with one to a service.
 * Without it nothing else counts what sends no request, so that all workers together hold no more than there is memory for.
 */
export function workerConnections(
  { total }: Connections,
  { behindEdge, routes }: Pick<NginxConfOptions, 'behindEdge' | 'routes'>,
): number {
  const kept = 32 * new Set(routes.map(upstreamOf)).size + 64;
  return behindEdge ? 2 * total + kept : Math.ceil(total / WORKERS) + kept;
}
