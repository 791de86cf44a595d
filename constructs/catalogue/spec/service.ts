import type { RuleName } from '../../rules';
import type { Healthcheck, Resources, UpdatePolicy } from '../../swarm';

/** What every service of the platform has, an application, a backend or an ingress. */
export interface ServiceSpec {
  /** `repository:tag`; its digest is in images.lock.json. */
  readonly image: string;
  readonly limits: Resources;
  /** @default half the limits */
  readonly reservations?: Resources;
  /**
   * Parallelism 1, delay 10 s, monitor 10 s.
   * @default start-first with rollback; backends stop-first with pause; what holds a host port stop-first with rollback
   */
  readonly updatePolicy?: UpdatePolicy;
  /** @default an application's is Healthcheck.http('/health'); MariaDB, Kafka, nginx and the edge have one of their own */
  readonly healthcheck?: Healthcheck;
  /** Rules that this service breaks on purpose, each with the reason; the plan prints it. @default none */
  readonly acknowledge?: Readonly<Partial<Record<RuleName, string>>>;
}

/** What an environment may say otherwise about one service. */
export interface ServiceOverride {
  readonly replicas?: number;
  readonly image?: string;
  readonly limits?: Resources;
  readonly reservations?: Resources;
}
