import type { ServiceSpec, UpdateConfig, UpdateState } from '../../../operations/docker/answers';

/** api/types.proto of swarmkit: the numbers order the states. */
export const STATES = {
  new: 0,
  pending: 64,
  assigned: 192,
  accepted: 256,
  preparing: 320,
  ready: 384,
  starting: 448,
  running: 512,
  complete: 576,
  shutdown: 640,
  failed: 704,
  rejected: 768,
  remove: 800,
  orphaned: 832,
} as const;

export type State = keyof typeof STATES;

/** Whether the first comes after the second. */
export const beyond = (state: State, other: State): boolean => STATES[state] > STATES[other];

/** What a service is to be, in the words of Docker's API, with what the model reads of it. */
export interface Spec extends ServiceSpec {
  readonly Name: string;
  readonly TaskTemplate: Template;
  readonly UpdateConfig?: Config;
  readonly RollbackConfig?: Config;
  readonly EndpointSpec?: {
    readonly Ports?: readonly {
      readonly PublishedPort?: number;
      readonly PublishMode?: 'host' | 'ingress';
    }[];
  };
}

export interface Template {
  readonly ContainerSpec: {
    readonly Image: string;
    readonly Labels?: Readonly<Record<string, string>>;
    readonly Env?: readonly string[];
    readonly Healthcheck?: {
      readonly Test?: readonly string[];
      readonly Interval?: number;
      readonly Timeout?: number;
      readonly Retries?: number;
      readonly StartPeriod?: number;
    };
    readonly StopGracePeriod?: number;
    readonly Configs?: readonly { readonly ConfigID: string; readonly ConfigName?: string }[];
  };
  readonly Resources?: {
    readonly Reservations?: { readonly NanoCPUs?: number; readonly MemoryBytes?: number };
  };
  readonly RestartPolicy?: {
    readonly Condition?: 'any' | 'on-failure' | 'none';
    readonly Delay?: number;
    readonly MaxAttempts?: number;
  };
  readonly Placement?: {
    readonly Constraints?: readonly string[];
    readonly MaxReplicas?: number;
    readonly Platforms?: readonly { readonly Architecture: string; readonly OS: string }[];
  };
  readonly [field: string]: unknown;
}

/** The engine fills in 1 for what is left out. */
export interface JobMode {
  readonly MaxConcurrent?: number;
  readonly TotalCompletions?: number;
}

export interface Config extends UpdateConfig {
  readonly MaxFailureRatio?: number;
  readonly Order?: 'start-first' | 'stop-first';
}

/** Records of the store are never changed, only replaced, as in swarmkit: who holds one holds what was. */
export interface ServiceRecord {
  readonly id: string;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly spec: Spec;
  readonly specVersion: number;
  readonly previousSpec?: Spec | undefined;
  readonly previousSpecVersion?: number | undefined;
  readonly updateStatus?: UpdateStatus | undefined;
  /** JobStatus: which of its runs a job is at. */
  readonly jobIteration?: number | undefined;
}

export interface UpdateStatus {
  readonly state: UpdateState;
  readonly startedAt: number;
  readonly completedAt?: number;
  readonly message: string;
}

export interface TaskRecord {
  readonly id: string;
  readonly serviceId: string;
  readonly version: number;
  readonly slot: number;
  readonly nodeId?: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly desired: State;
  readonly template: Template;
  readonly endpoint: Spec['EndpointSpec'];
  readonly specVersion: number;
  /** Of which run of its job it is. */
  readonly jobIteration?: number | undefined;
  readonly status: TaskStatus;
}

export interface TaskStatus {
  readonly state: State;
  readonly message: string;
  readonly err?: string;
  /** By the clock of who wrote it. */
  readonly timestamp: number;
  /** By the manager's clock; only what an agent said has one. */
  readonly appliedAt?: number;
  readonly containerId?: string;
  readonly exitCode?: number;
}

export interface NodeRecord {
  readonly id: string;
  readonly version: number;
  readonly hostname: string;
  readonly role: 'manager' | 'worker';
  readonly availability: 'active' | 'pause' | 'drain';
  readonly state: 'ready' | 'down' | 'unknown';
  readonly nanoCpus: number;
  readonly memoryBytes: number;
  readonly architecture: string;
  readonly labels: Readonly<Record<string, string>>;
}

export const isReplicated = (spec: Spec): boolean => spec.Mode?.Replicated !== undefined;
/** A service that runs tasks to their end; the mode for each node once is not modelled. */
export const jobOf = (spec: Spec): JobMode | undefined => spec.Mode?.ReplicatedJob as JobMode | undefined;
export const isGlobal = (spec: Spec): boolean => !isReplicated(spec) && jobOf(spec) === undefined;
export const replicasOf = (spec: Spec): number => spec.Mode?.Replicated?.Replicas ?? 1;
