import type { ServiceSpec } from './service';

export interface RouteSpec<Service extends string> {
  /** Passed on unchanged; the longest prefix wins. */
  readonly path: `/${string}`;
  readonly service: Service;
  /** Requests a client may send at once over 10 per second before it gets 429; `false` for no limit. @default 20 */
  readonly burst?: number | false;
  /** Upgrades connections and keeps idle ones for an hour. @default false */
  readonly websocket?: boolean;
}

export interface IngressSpec<Service extends string> extends ServiceSpec {
  readonly routes: readonly RouteSpec<NoInfer<Service>>[];
  /** The edge before nginx, which lets it roll without losing a request; `false` publishes nginx itself, stop-first. */
  readonly edge: false | Omit<ServiceSpec, 'image'>;
  /** Largest request body, in nginx's words. @default '50m' */
  readonly maxBodySize?: string;
}
