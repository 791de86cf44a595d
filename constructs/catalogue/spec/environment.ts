import type { HostSpec } from '../../host';
import type { TlsSpec } from '../../ingress/tls/tls';
import type { HealthcheckMinimum, Resources, StateSpec } from '../../swarm';
import type { Duration } from '../../units';
import type { NodeSpec } from './node';
import type { ServiceOverride } from './service';

export interface EnvironmentSpec<Service extends string, Backend extends string = string> {
  /** Namespace of all objects. @default the platform's name */
  readonly name?: string;
  /**
   * The server: its address, where the shell that synthesizes has no VPS_HOST; or what the stack `host` makes of it. Without
   * an object it is taken as you prepared it.
   * @default the variable VPS_HOST
   */
  readonly host?: string | HostSpec;
  readonly serverName?: string;
  readonly node: NodeSpec;
  readonly state: StateSpec;
  /** Public ports. @default 80 and 443 */
  readonly ports?: { readonly http: number; readonly https: number };
  /** Reservations of every service that has no override of its own, its limits permitting. @default the services' own */
  readonly reservations?: Resources;
  /** For a node that is slower than where the services' health checks were measured: none is more hurried. @default the services' own */
  readonly healthcheckMinimum?: HealthcheckMinimum;
  /** How long gates watch new tasks, for all services. @default the update policies' */
  readonly observe?: Duration;
  /** Disposable: images need no digest, `IMAGE_REGISTRY` and `IMAGE_TAG` are obeyed, local state is fine under CI. @default false */
  readonly disposable?: boolean;
  readonly tls?: TlsSpec;
  readonly services?: Readonly<Partial<Record<NoInfer<Service> | 'nginx', ServiceOverride>>> &
    Readonly<Partial<Record<NoInfer<Backend> | 'edge', Omit<ServiceOverride, 'replicas'>>>>;
}
