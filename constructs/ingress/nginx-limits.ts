import type { RequestPart } from '../units';
import { addressKey } from './nginx-front';
import { idOf, variableOf } from './nginx-parts';
import { isWhole, type RateLimit, type Route, rateLimitOf } from './nginx-routes';

/** How much of a cookie or a header tells clients apart: its end, for tokens of one issuer begin alike. */
const KEY_LENGTH = 64;

/** `10r/s`, or by the minute where a second has no whole request. */
const rateOf = (rate: number) => (isWhole(rate) ? `${Math.round(rate)}r/s` : `${Math.round(rate * 60)}r/m`);

function zoneOf(service: string, { requestsPerSecond, key }: RateLimit): string {
  const rate = rateOf(requestsPerSecond).replace('r/s', '').replace('r/', '');
  return `limit_${service}_${rate}${key ? `_by_${idOf(key)}` : ''}`;
}

export function limitOf(route: Route): string[] {
  const limit = rateLimitOf(route);
  if (!limit) return [];
  // nginx knows no burst of 0: that is to say none.
  const burst = limit.burst === 0 ? '' : ` burst=${limit.burst} nodelay`;
  return [`limit_req zone=${zoneOf(route.service, limit)}${burst};`];
}

/** Addresses and values of clients never look alike: with a cookie of his choice nobody uses up another's address. */
function keyMap(part: RequestPart, client: string): string {
  return `map ${variableOf(part)} $client_by_${idOf(part)} {
  '' "@${client}";
  "~^.*(?<key_end>.{${KEY_LENGTH}})$" "=$key_end";
  default "=${variableOf(part)}";
}`;
}

export const limitKeys = (routes: readonly Route[]): RequestPart[] =>
  routes.flatMap((route) => rateLimitOf(route)?.key ?? []);

/** @param client the variable with the client's address */
export function limits(routes: readonly Route[], client: string): string {
  const zones = new Map<string, string>();
  const address = addressKey(client);
  for (const route of routes) {
    const limit = rateLimitOf(route);
    if (!limit) continue;
    const key = limit.key ? `$client_by_${idOf(limit.key)}` : address;
    const zone = zoneOf(route.service, limit);
    zones.set(zone, `limit_req_zone ${key} zone=${zone}:5m rate=${rateOf(limit.requestsPerSecond)};`);
  }
  const maps = new Set(limitKeys(routes).map((part) => keyMap(part, client)));
  return [...maps, ...zones.values(), 'limit_req_status 429;', 'limit_req_log_level warn;'].join('\n');
}
