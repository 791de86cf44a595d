import type { BodySize, RouteSpec } from './route';
import type { ServiceSpec } from './service';

export interface IngressSpec<Service extends string> extends ServiceSpec {
  /**
   * Which application answers what.
   * @example routes: [{ path: '/', service: 'userservice' }]
   * @change rolls nginx
   */
  readonly routes: readonly RouteSpec<NoInfer<Service>>[];
  /**
   * The edge before nginx, which lets it roll without losing a request; `false` publishes nginx itself, stop-first.
   * @example edge: { limits: { cpus: Cpu.cores(0.25), memory: Memory.mebibytes(192) } }
   * @change restarts the edge, about a second; with or without it, the node's ports change hands
   */
  readonly edge: false | Omit<ServiceSpec, 'image'>;
  /**
   * Host names under which clients may ask, besides `serverName`, the certificate's `names` and the server's own address (`localhost`, too);
   * `'any'` where the platform need not know them. A request for another host is answered with 421, but for `/health`.
   * @default none
   * @example hosts: ['www.example.com']
   * @change rolls nginx
   */
  readonly hosts?: 'any' | readonly string[];
  /**
   * Connections that one client address may have; all together may have twice as many. The memory limits of nginx and the
   * edge must be enough for them, which the rule `connections-fit` computes. Without the edge only their sum is counted.
   * @default 4000, for 600 browsers with six each
   * @example connectionsPerAddress: 1000
   * @change rolls nginx and restarts the edge, about a second
   */
  readonly connectionsPerAddress?: number;
  /**
   * Largest request body, as nginx's `client_max_body_size` takes it, where a route says nothing else. At a time 120 bodies
   * from 1 MB on may be under way, 60 of one address, and 16 from 10 MB on, 8 of one address: so much of the node's disk is theirs.
   * One that does not say how long it is (chunks, HTTP/2 without a length) counts as one of this size.
   * @default '1m'
   * @example maxBodySize: '200m'
   * @change rolls nginx
   */
  readonly maxBodySize?: BodySize;
}
