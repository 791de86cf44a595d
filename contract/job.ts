import type { PlannedService } from './rollout';

/**
 * The label of a service that is a job: it runs one task once, and is removed at its end. Its value says what for. Such a
 * service has its stack's label, too, so that `docker stack rm` takes it along; nothing else counts it among the stack's
 * services.
 */
export const JOB_LABEL = 'proctor.job';
/** The full name of the service that a job was made from. */
export const JOB_OF_LABEL = 'proctor.job.of';
/** When a job must have ended, in seconds since 1970: who finds it later may remove it. */
export const JOB_UNTIL_LABEL = 'proctor.job.until';

/**
 * A task of a service as it is planned, with another command, that a step runs once. Comes as JSON in the environment variable
 * JOB; holds no secret.
 */
export interface JobSettings {
  /** `ssh://user@host:port` or `unix:///path`. */
  readonly host: string;
  /** As in the provider's `ssh_opts`. @default - none */
  readonly sshOptions?: readonly string[] | null | undefined;
  /** What for, in one word: `migrate`. The job is called `<service>-<kind>`. */
  readonly kind: string;
  /** The full name in Swarm, `proctorwise_userservice`. */
  readonly service: string;
  /** The stack that it belongs to. */
  readonly namespace: string;
  readonly planned: PlannedService;
  readonly command: readonly string[];
  readonly timeoutSeconds: number;
  /** Registries that want a login, and the Terraform variables that hold it; values are read as `TF_VAR_<variable>`. */
  readonly registries?: readonly JobRegistry[] | null | undefined;
}

export interface JobRegistry {
  readonly address: string;
  readonly username: string;
  readonly password: string;
}
