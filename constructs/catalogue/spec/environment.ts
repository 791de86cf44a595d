import type { HostSpec } from '../../host';
import type { TlsSpec } from '../../ingress/tls/tls';
import type { HealthcheckMinimum, Resources, StateSpec } from '../../swarm';
import type { Duration, TrustedProxies } from '../../units';
import type { BackupTarget } from './backup';
import type { NetworksSpec } from './networks';
import type { NodeSpec } from './node';
import type { ApplicationOverride, ServiceOverride } from './service';

export interface EnvironmentSpec<Service extends string, Backend extends string = string> {
  /**
   * Namespace of all objects.
   * @default the platform's name
   * @example name: 'proctorwise-staging'
   * @change replaces every service, an outage that the plan refuses without ALLOW_DESTROY=1; volumes keep the old
   * name
   */
  readonly name?: string;
  /**
   * The server: its address, where the shell that synthesizes has no VPS_HOST; or what the stack `host` makes of it.
   * Without an object it is taken as you prepared it.
   * @default the variable VPS_HOST
   * @example host: '203.0.113.10'
   * @change restarts nothing by itself; another address is another server
   */
  readonly host?: string | HostSpec;
  /**
   * The name that clients use here.
   * @default the platform's
   * @example serverName: 'staging.example.com'
   * @change makes another certificate, which rolls nginx
   */
  readonly serverName?: string;
  /**
   * The server's size.
   * @example node: { cpus: Cpu.cores(4), memory: Memory.gibibytes(8) }
   * @change restarts nothing; how many applications roll at the same time follows from it
   */
  readonly node: NodeSpec;
  /**
   * Where Terraform's state is kept.
   * @example state: { kind: 'pg' }
   * @change restarts nothing; move the state first (docs/state.md)
   */
  readonly state: StateSpec;
  /**
   * Where the backups of what says `backup` go. It needs `TF_VAR_backup_repository_password`, without which nobody reads
   * them; for a bucket `TF_VAR_backup_access_key_id` and `TF_VAR_backup_secret_access_key`, for SFTP `TF_VAR_backup_sftp_key`, too.
   * @default nowhere: there are none
   * @example backupTo: { kind: 's3', endpoint: 'https://s3.eu-central-1.amazonaws.com', bucket: 'acme-backups' }
   * @change adds a service, `backup`; where MariaDB says `rpo`, restarts MariaDB once
   */
  readonly backupTo?: BackupTarget;
  /**
   * Public ports.
   * @default 80 and 443
   * @example ports: { http: 8080, https: 8443 }
   * @change restarts the edge, or nginx where there is none, and rolls nginx
   */
  readonly ports?: { readonly http: number; readonly https: number };
  /**
   * How its services reach each other.
   * @default one network for all, not encrypted
   * @example networks: { separate: true }
   * @change replaces services, an outage that the plan refuses without ALLOW_DESTROY=1: say it before the first deploy
   */
  readonly networks?: NetworksSpec;
  /**
   * A CDN or a load balancer before the server: the networks that it comes from, and who tells a client's address: a header,
   * or the PROXY protocol on each connection, without which nobody gets in any more. Otherwise all users are a few addresses,
   * and share one limit. `false` says that nothing stands there, where the name leads elsewhere all the same.
   * [More](routes.md#behind-a-cdn-or-a-load-balancer).
   * @default nothing, and the preflight warns where serverName leads elsewhere than to the server
   * @example trustedProxies: { networks: ['203.0.113.0/24'], header: 'X-Forwarded-For' }
   * @change rolls nginx; with `proxyProtocol` restarts the edge, or nginx where there is none
   */
  readonly trustedProxies?: TrustedProxies | false;
  /**
   * Reservations of every service that has no override of its own, its limits permitting.
   * @default the services' own
   * @example reservations: { cpus: Cpu.cores(0.1), memory: Memory.mebibytes(128) }
   * @change rolls every service without an override of its own, but no jobs
   */
  readonly reservations?: Resources;
  /**
   * For a node that is slower than where the health checks were measured: no service has a shorter interval, timeout
   * or start period.
   * @default the services' own
   * @example healthcheckMinimum: { startPeriod: Duration.minutes(5) }
   * @change rolls the services whose health check is shorter
   */
  readonly healthcheckMinimum?: HealthcheckMinimum;
  /**
   * How long gates watch new tasks, for all services.
   * @default the update policies'
   * @example observe: Duration.seconds(60)
   * @change restarts nothing
   */
  readonly observe?: Duration;
  /**
   * Disposable: images need no digest, `IMAGE_REGISTRY` and `IMAGE_TAG` are obeyed, local state is fine under CI.
   * @default false
   * @example disposable: true
   * @change restarts nothing by itself
   */
  readonly disposable?: boolean;
  /**
   * Where nginx's certificate comes from here.
   * @default the platform's
   * @example tls: { mode: 'self-signed' }
   * @change rolls nginx
   */
  readonly tls?: TlsSpec;
  /**
   * Other replicas, images and sizes of single services; backends and the edge have one task each.
   * @default the catalogue's
   * @example services: { userservice: { replicas: 1 } }
   * @change as each option of the service says
   */
  readonly services?: Readonly<Partial<Record<NoInfer<Service>, ApplicationOverride>>> &
    Readonly<Partial<Record<'nginx', ServiceOverride>>> &
    Readonly<Partial<Record<NoInfer<Backend> | 'edge' | 'backup', Omit<ServiceOverride, 'replicas'>>>>;
}
