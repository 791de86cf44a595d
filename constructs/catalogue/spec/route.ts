import type { Duration, RequestPart } from '../../units';

/** As nginx's `client_max_body_size` takes it: `'50m'`. */
export type BodySize = `${number}` | `${number}${'k' | 'm' | 'g' | 'K' | 'M' | 'G'}`;

export interface RouteSpec<Service extends string> {
  /**
   * A prefix of the path, passed on unchanged unless there is a `rewrite`; the longest one wins. nginx compares what it has
   * decoded, so there is no `%` in it.
   * @example path: '/users'
   * @change rolls nginx
   */
  readonly path: `/${string}`;
  /**
   * The application that answers.
   * @example service: 'userservice'
   * @change rolls nginx
   */
  readonly service: Service;
  /**
   * `true`: this path alone, and nothing below it. It wins over every prefix.
   * @default false
   * @example exact: true
   * @change rolls nginx
   */
  readonly exact?: boolean;
  /**
   * What the service sees in place of `path`; the query stays. `{ path: '/app', exact: true, rewrite: '/' }` is a service's
   * first page under another name. A prefix that is rewritten takes whole names: `/app` and `/app/x`, and not `/apple`. What
   * follows it is decoded and encoded again (`%2F` becomes `/`). Links and redirects of the service stay as it writes them.
   * @default the path itself
   * @example rewrite: '/'
   * @change rolls nginx
   */
  readonly rewrite?: `/${string}`;
  /**
   * Requests per second that a client may send before it gets 429; 0.5 is 30 a minute. `false` for no limit. Routes of one
   * service with the same rate and key count together.
   * @default 10; none on `/` where burst is not given either
   * @example rate: 50
   * @change rolls nginx
   */
  readonly rate?: number | false;
  /**
   * Requests a client may send at once over the rate before it gets 429; `false`, as `rate: false`, for no limit.
   * @default 20
   * @example burst: 50
   * @change rolls nginx
   */
  readonly burst?: number | false;
  /**
   * What tells clients apart for the limit: their address, or a cookie or a header, so that a classroom behind one address is
   * not one client. A request without it counts for its address; of a long value the last 64 characters count. Nobody checks
   * the value: whoever sends another one with each request has no limit, and whoever knows somebody else's uses up that one's.
   * So let it be what the service itself refuses when it is made up, and nothing on routes where people log in.
   * @default 'address'
   * @example key: { cookie: 'session' }
   * @change rolls nginx
   */
  readonly key?: 'address' | Exclude<RequestPart, { readonly path: number }>;
  /**
   * Passes WebSockets on.
   * @default false
   * @example websocket: true
   * @change rolls nginx
   */
  readonly websocket?: boolean;
  /**
   * How long nginx waits for the service: for the first byte of an answer, and from one to the next. Then the client gets 504.
   * @default 60 s
   * @example timeout: Duration.minutes(10)
   * @change rolls nginx; longer than an hour, it restarts the edge, too
   */
  readonly timeout?: Duration;
  /**
   * How long a WebSocket stays open on which nobody sends.
   * @default an hour
   * @example websocketTimeout: Duration.hours(24)
   * @change rolls nginx; longer than an hour, it restarts the edge, too
   */
  readonly websocketTimeout?: Duration;
  /**
   * `true` passes on each part of an answer as it comes, for server-sent events and the like. Otherwise nginx collects them,
   * unless the answer says `X-Accel-Buffering: no`. A client that reads slowly then keeps the service busy for as long.
   * @default false
   * @example streaming: true
   * @change rolls nginx
   */
  readonly streaming?: boolean;
  /**
   * Largest request body here: what is larger gets 413. A body that does not say how long it is counts as one of this size, of
   * which few may be under way at a time (see `nginx.maxBodySize`): up to `'1m'` 150 of one address, up to `'10m'` 60, beyond 8.
   * @default nginx.maxBodySize
   * @example maxBodySize: '50m'
   * @change rolls nginx
   */
  readonly maxBodySize?: BodySize;
  /**
   * Headers of answers, in place of what the service or nginx would say; an empty one takes a header away.
   * @default the service's own, and where it has none `X-Frame-Options: SAMEORIGIN`, `X-Content-Type-Options: nosniff`, `Referrer-Policy: strict-origin-when-cross-origin`
   * @example headers: { 'Cache-Control': 'no-store' }
   * @change rolls nginx
   */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Requests with the same value go to the same task, by a cookie, a header or a part of the path: 3 is `42` in
   * `/monitoring/sessions/42/frame`. For services that keep in memory who watches what. nginx learns which task it is from the
   * first good answer (1xx, 2xx); without the value any task will do. What a roll does to it is in
   * [routes](routes.md#affinity). Needs nginx 1.29.6.
   * @default the task with the fewest connections
   * @example affinity: { path: 3 }
   * @change rolls nginx
   */
  readonly affinity?: RequestPart;
}
