import { Duration, type RequestPart } from '../units';
import { timeOf } from './nginx-common';
import { idOf, variableOf } from './nginx-parts';
import type { Route } from './nginx-routes';

/** Of nginx, for `sticky learn`: older ones do not start with it. */
export const AFFINITY_SINCE = [1, 29, 6] as const;

const HOUR = Duration.hours(1);

/** Routes of one service share its tasks, and those with the same affinity what was learned. */
export const upstreamOf = ({ service, affinity }: Pick<Route, 'service' | 'affinity'>): string =>
  affinity ? `${service}_by_${idOf(affinity)}` : service;

// Not `hash … consistent`: it tells servers apart by their names, and all tasks have one. What nginx learns is the task that
// answered first, so that a task that joins takes nobody over. An answer that is none (404, 401) teaches nothing: else a client
// could make nginx forget others by names that he makes up.
const learned = (part: RequestPart) => `map $upstream_status $learned_${idOf(part)} {
  "~(^|[,:] )[12][0-9][0-9]$" ${variableOf(part)};
  default '';
}`;

export function upstreams(routes: readonly Route[]): string {
  const byName = new Map(routes.map((route) => [upstreamOf(route), route]));
  const parts = routes.flatMap(({ affinity }) => affinity ?? []);
  const blocks = [...byName].map(([name, { service, port, affinity, websocketTimeout }]) => {
    // A key is not forgotten while a socket of its is open.
    const kept = websocketTimeout && HOUR.isShorterThan(websocketTimeout) ? websocketTimeout : HOUR;
    const sticky = affinity
      ? `\n  sticky learn create=$learned_${idOf(affinity)} lookup=${variableOf(affinity)} zone=affinity_${name}:4m timeout=${timeOf(kept)} header;`
      : '';
    return `upstream ${name} {
  zone upstream_${name} 64k;
  least_conn;${sticky}
  server tasks.${service}:${port} resolve max_fails=0;
  keepalive 32;
}`;
  });
  return [...new Set(parts.map(learned)), ...blocks].join('\n');
}
