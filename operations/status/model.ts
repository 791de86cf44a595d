import type { BackupStatus } from '../backup/assess';
import type { Doubt } from '../certificates/doubt';
import type { UpdateState } from '../docker/answers';
import type { MissingService } from '../records/absent';
import type { JobStatus } from './jobs';
import type { NodeFigures } from './node-shell';
import type { Refused } from './refused';

/**
 * The platform at a glance: what `--json` prints, one object on one line. Names stay and fields are only added; a
 * change that breaks a reader raises `version`. Times are ISO 8601 by the manager's clock, sizes bytes; null is
 * "not available".
 */
export interface Status {
  readonly version: 1;
  readonly host: string;
  readonly stack: string;
  readonly at: string;
  /**
   * Every service has its replicas, healthy, none is missing or ends again and again, no last rollout failed, and backups
   * are as the catalogue says. Exit 0, otherwise 1.
   */
  readonly ok: boolean;
  readonly services: readonly ServiceStatus[];
  /**
   * Services of the catalogue that the server has not; those that no deploy was to make yet, by the releases, are a warning
   * instead. Empty where the catalogue cannot be read, or is of another stack.
   */
  readonly missing: readonly MissingService[];
  /** Jobs that wait for their times. A run that failed is a warning, and does not change `ok`. */
  readonly jobs: readonly JobStatus[];
  readonly certificate: CertificateStatus;
  readonly nodes: readonly NodeStatus[];
  /** The machine that answers, by its own shell. */
  readonly server: NodeFigures | null;
  /** Why that is not known, where the login has a shell. */
  readonly serverProblem?: string;
  /** Docker's disk space on that machine. */
  readonly docker: DockerUsage | null;
  /** What the entrance refused in the last hour, by the logs of nginx and the edge. */
  readonly refused: Refused | null;
  /** How backups are; null where the catalogue has none. */
  readonly backup: BackupStatus | null;
  /** What to look at besides the services, in words. They do not change `ok`. */
  readonly warnings: readonly string[];
}

/**
 * - `healthy`: every replica runs and passes its health check
 * - `running`: every replica runs; there is no health check, or it runs on another node, which only says that it runs
 * - `starting`: replicas are missing, none has failed
 * - `degraded`: some replicas are missing or unhealthy, or all run and one ended again and again in the last 2 minutes
 * - `down`: no replica runs
 * - `off`: none is wanted
 */
export type Health = 'healthy' | 'running' | 'starting' | 'degraded' | 'down' | 'off';

export interface ServiceStatus {
  /** Without the stack's name. */
  readonly name: string;
  readonly ok: boolean;
  readonly running: number;
  readonly desired: number;
  /** How many of those that run are on the present specification. */
  readonly upToDate: number;
  readonly health: Health;
  readonly image: { readonly reference: string; readonly tag: string | null; readonly digest: string | null };
  /** Since when its oldest task runs; null when none does. */
  readonly since: string | null;
  readonly rollout: RolloutStatus;
  /** Tasks that ended by themselves in the last hour; more where `atLeast`, for Swarm keeps a few of each slot. */
  readonly restarts: { readonly lastHour: number; readonly atLeast: boolean };
  /** Why replicas are missing or the rollout failed, as far as Swarm says it. */
  readonly problem: string | null;
}

export interface RolloutStatus {
  /**
   * Docker's `UpdateStatus.State`; `created` when there was no update yet, `changed` when the last one changed no task
   * (a scaling, a label).
   */
  readonly state: 'created' | 'changed' | UpdateState;
  /** When it ended, or began while it is under way. */
  readonly at: string;
  /** Paused, or put back by Swarm. A rollback that somebody asked for has not failed. */
  readonly failed: boolean;
  readonly message: string | null;
}

export interface CertificateStatus {
  /** `host:port`. */
  readonly address: string;
  readonly subject: string | null;
  readonly issuer: string | null;
  readonly selfSigned: boolean | null;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  /** Whole days; negative when it has expired. */
  readonly daysLeft: number | null;
  /** Why a client would refuse it, or why it could not be seen. */
  readonly problem: string | null;
  /**
   * Why it is not the one that the catalogue promises: `fallback` in place of an ACME server's, for an `otherName`, or
   * `untrusted`. Null where it is, or nothing is promised.
   */
  readonly doubt: Doubt | null;
}

export interface NodeStatus {
  readonly name: string;
  readonly role: string;
  readonly leader: boolean;
  /** Docker's `ready`, `down`, `disconnected` or `unknown`. */
  readonly state: string;
  /** Docker's `active`, `pause` or `drain`. */
  readonly availability: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** Tasks of this stack that run there, and what they reserve. */
  readonly tasks: number;
  readonly reserved: { readonly cpus: number; readonly memoryBytes: number };
}

export interface DockerUsage {
  /** `unusedBytes` is what single images without a container hold alone: at least that is freed by pruning. */
  readonly images: { readonly count: number; readonly bytes: number; readonly unusedBytes: number };
  /** What containers wrote outside of volumes. */
  readonly containers: { readonly count: number; readonly bytes: number };
  readonly volumes: { readonly count: number; readonly bytes: number };
  /** The stack's own, by name. */
  readonly stackVolumes: Readonly<Record<string, number>>;
  readonly buildCacheBytes: number;
}
