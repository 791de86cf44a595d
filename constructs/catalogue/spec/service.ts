import type { RuleName } from '../../rules';
import type { Healthcheck, Resources, UpdatePolicy } from '../../swarm';

/** What every service of the platform has, an application, a backend or an ingress. */
export interface ServiceSpec {
  /**
   * `repository:tag`; its digest is in images.lock.json.
   * @example image: 'nginx:1.30'
   * @change rolls the service; a backend restarts, and its data may have no way back
   */
  readonly image: string;
  /**
   * What a task may use at most.
   * @example limits: { cpus: Cpu.cores(0.5), memory: Memory.mebibytes(512) }
   * @change rolls the service; a backend restarts
   */
  readonly limits: Resources;
  /**
   * What is kept free for each task: Swarm starts none for which the node has no room.
   * @default half the limits
   * @example reservations: { cpus: Cpu.cores(0.25), memory: Memory.mebibytes(256) }
   * @change rolls the service; a backend restarts
   */
  readonly reservations?: Resources;
  /**
   * How Swarm replaces tasks; parallelism 1, delay 10 s, monitor 10 s where nothing else is said.
   * @default start-first with rollback; backends stop-first with pause; what holds a host port stop-first with
   * rollback
   * @example updatePolicy: UpdatePolicy.startFirst({ parallelism: 2 })
   * @change restarts nothing; the same deploy rolls by it
   */
  readonly updatePolicy?: UpdatePolicy;
  /**
   * When a task is ready: until it passes, it gets no traffic and an update does not go on.
   * @default an application's is Healthcheck.http('/health'); MariaDB, Kafka, nginx and the edge have one of their
   * own
   * @example healthcheck: Healthcheck.http('/ready', { startPeriod: Duration.seconds(90) })
   * @change rolls the service; a backend restarts
   */
  readonly healthcheck?: Healthcheck;
  /**
   * Rules that this service breaks on purpose, each with the reason; the plan prints it.
   * @default none
   * @example acknowledge: { 'image-pinned': 'built on the server' }
   * @change restarts nothing
   */
  readonly acknowledge?: Readonly<Partial<Record<RuleName, string>>>;
}

/** What an environment may override of an application alone. */
export interface ApplicationOverride extends ServiceOverride {
  /**
   * Certificates that it trusts here.
   * @default the catalogue's
   * @example caFile: 'certificates/staging-ca.pem'
   * @change rolls the service
   */
  readonly caFile?: string;
}

/** What an environment may override of one service. */
export interface ServiceOverride {
  /**
   * How many tasks it has here.
   * @default the catalogue's
   * @example replicas: 1
   * @change starts or stops the difference, the other tasks stay
   */
  readonly replicas?: number;
  /**
   * Its image here.
   * @default the catalogue's
   * @example image: 'ghcr.io/example/web:2.0.0'
   * @change rolls the service; a backend restarts
   */
  readonly image?: string;
  /**
   * Its limits here.
   * @default the catalogue's
   * @example limits: { cpus: Cpu.cores(0.5), memory: Memory.mebibytes(512) }
   * @change rolls the service; a backend restarts
   */
  readonly limits?: Resources;
  /**
   * Its reservations here.
   * @default the environment's, then the catalogue's
   * @example reservations: { cpus: Cpu.cores(0.1), memory: Memory.mebibytes(128) }
   * @change rolls the service; a backend restarts
   */
  readonly reservations?: Resources;
}
