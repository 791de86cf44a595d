import type { TlsEndpoint } from './tls-endpoint';

/** The input of the gate: JSON in the variable `ROLLOUT`. Terraform writes what is not set as null. */
export interface PlannedRollout {
  /** `ssh://user@host:port` or `unix:///path`. */
  readonly host: string;
  /** Arguments for ssh. @default - none */
  readonly sshOptions?: readonly string[] | null | undefined;
  /** The full name in Swarm, `proctorwise_userservice`. */
  readonly service: string;
  readonly planned: PlannedService;
  readonly timings?: RolloutTimings | null | undefined;
  /** Where clients get the certificate, looked at when the service has converged. @default - not looked at */
  readonly certificate?: TlsEndpoint | null | undefined;
  /** For `[4/9]` before each line. @default - none */
  readonly position?: Position | null | undefined;
}

/**
 * What a deploy planned for one service. A field that is left out (or null) is not compared, so a plan says only what
 * it set itself.
 */
export interface PlannedService {
  /** `repository:tag`, `repository@sha256:…` or both; with a digest, only the digest counts. */
  readonly image: string;
  /** The entrypoint: `Command` of Docker's ContainerSpec. */
  readonly command?: readonly string[] | null | undefined;
  readonly args?: readonly string[] | null | undefined;
  /** `KEY=value`, in any order. */
  readonly env?: readonly string[] | null | undefined;
  /** Absent for a global service. */
  readonly replicas?: number | null | undefined;
  readonly secrets?: readonly PlannedObject[] | null | undefined;
  readonly configs?: readonly PlannedObject[] | null | undefined;
  /** Anything else, as part of Docker's ServiceSpec in the API's own words; what is given must be there. */
  readonly spec?: Readonly<Record<string, unknown>> | null | undefined;
  /**
   * All that tasks are made of is in this plan: what is left out, the service does not have. Then what Swarm rolled back
   * shows even where the older version only has something more. @default false
   */
  readonly whole?: boolean | null | undefined;
}

/** A secret or config that the service uses. */
export interface PlannedObject {
  readonly id: string;
  /** How it is mounted, in the API's own words: `Name`, `UID`, `GID`, `Mode`. @default - not compared */
  readonly file?: Readonly<Record<string, unknown>> | null | undefined;
  /** For people. @default - the id */
  readonly name?: string | null | undefined;
}

/** What bounds the wait. All in seconds. */
export interface RolloutTimings {
  /** @default 0 */
  readonly startPeriodSeconds?: number | null | undefined;
  /** @default 30, as in Docker */
  readonly healthIntervalSeconds?: number | null | undefined;
  /** @default 30, as in Docker */
  readonly healthTimeoutSeconds?: number | null | undefined;
  /** @default 3, as in Docker */
  readonly healthRetries?: number | null | undefined;
  /** Between two tasks of an update. @default 0 */
  readonly delaySeconds?: number | null | undefined;
  /** How long Swarm itself watches a new task. @default 5, as in Docker */
  readonly monitorSeconds?: number | null | undefined;
  /** @default 10, as in Docker */
  readonly stopGraceSeconds?: number | null | undefined;
  /** Tasks updated at once; 0 is all. @default 1 */
  readonly parallelism?: number | null | undefined;
  /** How long new tasks are observed after the last of them runs. @default - monitor, at least 30 */
  readonly observeSeconds?: number | null | undefined;
  /** How long the image may be pulled for one slot; such time makes the whole wait longer. @default 900 */
  readonly pullSeconds?: number | null | undefined;
  /** The whole wait, pulls included. @default - derived from the rest, see `deadlineSeconds` */
  readonly deadlineSeconds?: number | null | undefined;
}

export interface Position {
  readonly index: number;
  readonly total: number;
}
