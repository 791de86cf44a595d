import { type Duration, partErrors, type RequestPart } from '../units';
import { headerErrors } from './nginx-headers';

/** One path of nginx and the service behind it. */
export interface Route {
  /** Path prefix, as nginx matches it: the longest one wins. Unless there is a `rewrite`, it reaches the service unchanged. */
  readonly path: string;
  /** Short name of the service; nginx asks Docker's DNS for `tasks.<service>`, one address for each task. */
  readonly service: string;
  /** Port that the service's tasks listen on. */
  readonly port: number;
  /**
   * Limit per client, in a zone of its own for each service, rate and key; beyond it clients get 429.
   * @default - 10 requests/s with a burst of 20; none on `/`
   */
  readonly rateLimit?: RateLimit | false;
  /**
   * Passes WebSocket upgrades on.
   * @default false
   */
  readonly websocket?: boolean;
  /** @default - 60 s */
  readonly timeout?: Duration;
  /** @default - an hour */
  readonly websocketTimeout?: Duration;
  /** Passes on each part of an answer as it comes. @default false */
  readonly streaming?: boolean;
  /** Largest request body, in nginx's notation. @default - the one for all routes */
  readonly maxBodySize?: string;
  /** This path alone, and nothing below it. @default false */
  readonly exact?: boolean;
  /** What the service sees in place of `path`. @default - the path itself */
  readonly rewrite?: string;
  /** Headers of answers, in place of the service's and nginx's own. @default - none */
  readonly headers?: Readonly<Record<string, string>>;
  /** What decides which task gets a request. @default - whichever has the fewest connections */
  readonly affinity?: RequestPart;
}

export interface RateLimit {
  readonly requestsPerSecond: number;
  /** Requests beyond the rate that are served at once before 429 is answered. */
  readonly burst: number;
  /** What tells clients apart. @default - their address */
  readonly key?: RequestPart;
}

export const DEFAULT_RATE_LIMIT: RateLimit = { requestsPerSecond: 10, burst: 20 };

export function rateLimitOf({ path, rateLimit }: Route): RateLimit | undefined {
  return (rateLimit ?? (path === '/' ? false : DEFAULT_RATE_LIMIT)) || undefined;
}

/** Throws, with all that is wrong and what to do, unless nginx would understand these routes as they are meant. */
export function checkRoutes(routes: readonly Route[]): void {
  if (routes.length === 0) throw new Error('no route: nginx would answer nothing. Give one service a path');
  const taken = new Map<string, string>();
  const portOf = new Map<string, number>();
  const errors = routes.flatMap((route) => {
    const where = `route '${route.path}' of ${route.service}`;
    checkWord('service', route.service);
    checkPort(route.port, where);
    const found = [
      ...pathErrors(route.path),
      ...limitErrors(route),
      ...bodyErrors(route.maxBodySize),
      ...timeoutErrors(route),
      ...rewriteErrors(route),
      ...headerErrors(route.headers ?? {}),
      ...(route.affinity ? partErrors('affinity', route.affinity) : []),
    ];
    for (const match of matchesOf(route)) {
      const twin = taken.get(match);
      if (twin) found.push(`${twin} has this path already. Give each path to one service`);
      taken.set(match, route.service);
    }
    const port = portOf.get(route.service) ?? route.port;
    if (port !== route.port) {
      found.push(`port ${route.port}, but another route says ${port}. Use one port per service`);
    }
    portOf.set(route.service, port);
    return found.map((error) => `${where}: ${error}`);
  });
  if (errors.length > 0) throw new Error(errors.join('\n'));
}

/**
 * What stands after `location`. A prefix that is rewritten ends with a slash or with the path: `/app` is `/`, `/app/x` is
 * `/x`, and `/apple` is another path.
 */
export function matchesOf({ path, exact, rewrite }: Pick<Route, 'path' | 'exact' | 'rewrite'>): string[] {
  if (exact) return [`= ${path}`];
  return rewrite === undefined || path.endsWith('/') ? [path] : [`= ${path}`, `${path}/`];
}

const pathErrors = (path: string): string[] =>
  path === '/health'
    ? ['nginx answers /health itself. Use another path']
    : textErrors(
        path,
        "nginx compares paths decoded: one with '%' is never asked for. End the prefix before it",
      );

/** @param encoded why a `%` in it does not what is meant */
function textErrors(path: string, encoded: string): string[] {
  if (!path.startsWith('/')) return [`a path starts with '/'. Write '/${path}'`];
  if (path.includes('%')) return [encoded];
  return /^[A-Za-z0-9/._~+@:-]+$/.test(path)
    ? []
    : ['only letters, digits and /._~+@:- are safe in nginx.conf. Use a plain prefix'];
}

function rewriteErrors({ rewrite, exact, path }: Route): string[] {
  if (rewrite === undefined) return [];
  const errors = textErrors(rewrite, "nginx would write its '%' as %25. Use a path that needs none").map(
    (error) => `rewrite '${rewrite}': ${error}`,
  );
  if (!exact && path.endsWith('/') && !rewrite.endsWith('/')) {
    errors.push(`rewrite '${rewrite}' would run into what follows '${path}'. Write '${rewrite}/'`);
  }
  return errors;
}

function limitErrors({ rateLimit }: Route): string[] {
  if (!rateLimit) return [];
  const { requestsPerSecond: rate, burst, key } = rateLimit;
  // nginx counts in whole requests, by the second or by the minute.
  const whole = Number.isInteger(rate) || isWhole(rate * 60);
  return [
    ...(!whole || rate <= 0 || !Number.isInteger(burst) || burst < 0
      ? [
          `rateLimit ${rate}/s, burst ${burst}. Use a whole number of requests by the second or by the minute (0.5 is 30 a minute), and a burst of 0 or more`,
        ]
      : []),
    ...(key ? partErrors('key', key) : []),
  ];
}

export const isWhole = (number: number): boolean => Math.abs(number - Math.round(number)) < 1e-9;

const bodyErrors = (size: string | undefined): string[] =>
  size === undefined || isBodySize(size) ? [] : [`maxBodySize '${size}' is no size of nginx. Write '50m'`];

export const isBodySize = (size: string): boolean => /^\d+[kmg]?$/i.test(size);

function timeoutErrors({ timeout, websocketTimeout, websocket }: Route): string[] {
  const given = Object.entries({ timeout, websocketTimeout }).filter(([, value]) => value !== undefined);
  const errors = given
    .filter(([, value]) => (value as Duration).toMilliseconds() === 0)
    .map(([name]) => `${name} 0s: nginx would answer 504 at once. Write for example Duration.minutes(5)`);
  if (websocketTimeout && !websocket) errors.push('websocketTimeout without websocket. Add websocket: true');
  return errors;
}

export function checkPort(port: number, where: string): void {
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Error(`${where}: ${port} is no port. Use a whole number from 1 to 65535`);
  }
}

/** A value that stands in a directive as it is: nothing that nginx would read as its own syntax. */
export function checkWord(what: string, value: string): void {
  if (!/^[A-Za-z0-9_./:[\]*-]+$/.test(value)) {
    throw new Error(`${what} '${value}' cannot stand in nginx.conf. Use letters, digits and _./:- only`);
  }
}
