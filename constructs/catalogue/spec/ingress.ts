import type { ServiceSpec } from './service';

export interface RouteSpec<Service extends string> {
  /**
   * A prefix of the path, passed on unchanged; the longest one wins.
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
   * Requests a client may send at once over 10 per second before it gets 429; `false` for no limit.
   * @default 20
   * @example burst: 50
   * @change rolls nginx
   */
  readonly burst?: number | false;
  /**
   * Upgrades connections and keeps idle ones for an hour.
   * @default false
   * @example websocket: true
   * @change rolls nginx
   */
  readonly websocket?: boolean;
}

export interface IngressSpec<Service extends string> extends ServiceSpec {
  /**
   * Which application answers what.
   * @example routes: [{ path: '/', service: 'userservice' }]
   * @change rolls nginx
   */
  readonly routes: readonly RouteSpec<NoInfer<Service>>[];
  /**
   * The edge before nginx, which lets it roll without losing a request; `false` publishes nginx itself, stop-first.
   * @example edge: { limits: { cpus: Cpu.cores(0.25), memory: Memory.mebibytes(64) } }
   * @change restarts the edge, about a second; with or without it, the node's ports change hands
   */
  readonly edge: false | Omit<ServiceSpec, 'image'>;
  /**
   * Largest request body, as nginx's `client_max_body_size` takes it.
   * @default '50m'
   * @example maxBodySize: '200m'
   * @change rolls nginx
   */
  readonly maxBodySize?: string;
}
