import { Duration } from '../units';
import { unknownLength } from './nginx-bounds';
import { indent, timeOf } from './nginx-common';
import { routeHeaders } from './nginx-headers';
import { type Forwarded, forwarded } from './nginx-http';
import { limitOf } from './nginx-limits';
import { matchesOf, type Route } from './nginx-routes';
import { upstreamOf } from './nginx-upstreams';

export interface LocationOptions extends Forwarded {
  readonly hsts: boolean;
  /** Seconds. */
  readonly websocketTimeout: number;
}

/** An answer that no service and no other part of nginx gives, by which a location hands WebSockets on. */
const IS_WEBSOCKET = 418;

/** A route: each way of it with the named location in which nginx tries once more, with the tasks that there are by then. */
export function locations(route: Route, options: LocationOptions): string {
  return matchesOf(route)
    .map((match) => location(match, route, options))
    .join('\n');
}

function location(match: string, route: Route, options: LocationOptions): string {
  const name = match.replace('= ', '=');
  const common = [
    ...(route.maxBodySize === undefined ? [] : [`client_max_body_size ${route.maxBodySize};`]),
    // gzip, too, keeps what it has until it is worth its while.
    ...(route.streaming ? ['proxy_buffering off;', 'gzip off;'] : []),
    ...routeHeaders(route.headers ?? {}, options.hsts),
    `proxy_pass http://${upstreamOf(route)};`,
  ];
  const plain = [...common, ...(route.timeout ? timeouts(route.timeout) : [])];
  const begin = [...rewriteOf(match, route), ...limitOf(route)];
  // A WebSocket is handed on with it.
  const counted = route.maxBodySize === undefined ? [] : [unknownLength(route.maxBodySize)];
  const parts = (of: string, again: string, first: readonly string[], pass: readonly string[]) => [
    block(of, [...first, ...begin, `error_page 502 504 = ${again};`, ...pass]),
    block(again, ['if ($give_up = 502) { return 502; }', 'if ($give_up = 504) { return 504; }', ...pass]),
  ];
  if (!route.websocket) return parts(match, `@again${name}`, counted, plain).join('\n');
  const socket = [
    ...common,
    // All of them again: one proxy_set_header in a block drops all that it would inherit.
    forwarded(options),
    'proxy_set_header Upgrade $http_upgrade;',
    'proxy_set_header Connection upgrade;',
    // Both ways have one of them for as long as it is open.
    'proxy_buffer_size 4k;',
    ...timeouts(route.websocketTimeout ?? Duration.seconds(options.websocketTimeout)),
  ];
  const handOver = [
    `error_page ${IS_WEBSOCKET} = @websocket${name};`,
    // Else nginx would not go on from the named location when its task fails.
    'recursive_error_pages on;',
    `if ($http_upgrade ~* "^websocket$") { return ${IS_WEBSOCKET}; }`,
  ];
  return [
    ...parts(match, `@again${name}`, [...counted, ...handOver], plain),
    ...parts(`@websocket${name}`, `@again-websocket${name}`, [], socket),
  ].join('\n');
}

const timeouts = (duration: Duration) =>
  ['read', 'send'].map((what) => `proxy_${what}_timeout ${timeOf(duration)};`);

/** In the first location only: a second try finds the path as the first one left it. */
function rewriteOf(match: string, { rewrite, path, exact }: Route): string[] {
  if (rewrite === undefined) return [];
  if (match.startsWith('=')) return [`rewrite ^ ${rewrite} break;`];
  const whole = exact || path.endsWith('/') ? rewrite : rewrite.replace(/\/?$/, '/');
  const prefix = match.replace(/[.+]/g, '\\$&');
  // (?s): a path may have a line break in it, and is no other for that.
  return [`rewrite (?s)^${prefix}(.*) ${whole}$1 break;`];
}

const block = (name: string, lines: readonly string[]) =>
  `location ${name} {\n${indent(lines.join('\n'))}\n}`;
