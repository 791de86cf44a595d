/** One path prefix of nginx and the service behind it. */
export interface Route {
  /** Path prefix, as nginx matches it: the longest one wins, and it reaches the service unchanged. */
  readonly path: string;
  /** Short name of the service; nginx asks Docker's DNS for `tasks.<service>`, one address for each task. */
  readonly service: string;
  /** Port that the service's tasks listen on. */
  readonly port: number;
  /**
   * Limit per client address, in a zone of its own for each service; beyond it clients get 429.
   * @default - 10 requests/s with a burst of 20; none on `/`
   */
  readonly rateLimit?: RateLimit | false;
  /**
   * Passes WebSocket upgrades on, with the long read time-out.
   * @default false
   */
  readonly websocket?: boolean;
}

export interface RateLimit {
  readonly requestsPerSecond: number;
  /** Requests beyond the rate that are served at once before 429 is answered. */
  readonly burst: number;
}

export const DEFAULT_RATE_LIMIT: RateLimit = { requestsPerSecond: 10, burst: 20 };

export function rateLimitOf({ path, rateLimit }: Route): RateLimit | undefined {
  return (rateLimit ?? (path === '/' ? false : DEFAULT_RATE_LIMIT)) || undefined;
}

/** Throws, with what is wrong and what to do, unless nginx would understand these routes as they are meant. */
export function checkRoutes(routes: readonly Route[]): void {
  if (routes.length === 0) throw new Error('no route: nginx would answer nothing. Give one service a path');
  const byPath = new Map<string, Route>();
  const portOf = new Map<string, number>();
  for (const route of routes) {
    const where = `route '${route.path}' of ${route.service}`;
    checkPath(route.path, where);
    checkWord('service', route.service);
    checkPort(route.port, where);
    checkLimit(route, where);
    const twin = byPath.get(route.path);
    if (twin)
      throw new Error(`${where}: ${twin.service} has this path already. Give each path to one service`);
    byPath.set(route.path, route);
    const port = portOf.get(route.service) ?? route.port;
    if (port !== route.port) {
      throw new Error(
        `${where}: port ${route.port}, but another route says ${port}. Use one port per service`,
      );
    }
    portOf.set(route.service, port);
  }
}

function checkPath(path: string, where: string): void {
  if (!path.startsWith('/')) throw new Error(`${where}: a path starts with '/'. Write '/${path}'`);
  if (!/^[A-Za-z0-9/._~%+@:-]+$/.test(path)) {
    throw new Error(
      `${where}: only letters, digits and /._~%+@:- are safe in nginx.conf. Use a plain prefix`,
    );
  }
  if (path === '/health') throw new Error(`${where}: nginx answers /health itself. Use another path`);
}

function checkLimit({ rateLimit }: Route, where: string): void {
  if (!rateLimit) return;
  const { requestsPerSecond, burst } = rateLimit;
  if (
    !Number.isInteger(requestsPerSecond) ||
    requestsPerSecond < 1 ||
    !Number.isInteger(burst) ||
    burst < 0
  ) {
    throw new Error(
      `${where}: rateLimit ${requestsPerSecond}/s, burst ${burst}. Use whole numbers: at least 1/s, burst 0 or more`,
    );
  }
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
