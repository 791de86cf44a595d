/** Docker's answers in the API's own words, as far as they are used. */

export interface ServiceSpec {
  readonly Name?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly TaskTemplate: TaskSpec;
  readonly Mode?: { readonly Replicated?: { readonly Replicas?: number }; readonly [mode: string]: unknown };
  readonly UpdateConfig?: UpdateConfig;
  readonly RollbackConfig?: UpdateConfig;
  readonly EndpointSpec?: {
    readonly Ports?: readonly { readonly PublishedPort?: number; readonly Protocol?: string }[];
  };
  readonly [field: string]: unknown;
}

export interface TaskSpec {
  readonly ContainerSpec?: {
    readonly Image: string;
    readonly Command?: readonly string[];
    readonly Args?: readonly string[];
    readonly Env?: readonly string[];
    readonly CapabilityAdd?: readonly string[] | null;
    readonly CapabilityDrop?: readonly string[] | null;
    readonly Secrets?: readonly {
      readonly SecretID: string;
      readonly SecretName?: string;
      readonly File?: unknown;
    }[];
    readonly Configs?: readonly {
      readonly ConfigID: string;
      readonly ConfigName?: string;
      readonly File?: unknown;
    }[];
    readonly Healthcheck?: {
      readonly Test?: readonly string[];
      readonly Interval?: number;
      readonly Timeout?: number;
      readonly Retries?: number;
      readonly StartPeriod?: number;
    };
    readonly Mounts?: readonly {
      readonly Type?: string;
      readonly Source?: string;
      readonly Target?: string;
    }[];
    readonly StopGracePeriod?: number;
  };
  readonly Resources?: {
    readonly Reservations?: { readonly NanoCPUs?: number; readonly MemoryBytes?: number };
  };
  readonly RestartPolicy?: { readonly Condition?: string; readonly MaxAttempts?: number };
  readonly Networks?: readonly { readonly Target: string }[];
  readonly Placement?: { readonly Constraints?: readonly string[] };
  readonly ForceUpdate?: number;
  readonly [field: string]: unknown;
}

export interface UpdateConfig {
  readonly Parallelism?: number;
  readonly Delay?: number;
  readonly Monitor?: number;
  readonly Order?: string;
  readonly FailureAction?: 'pause' | 'continue' | 'rollback';
}

export type UpdateState =
  | 'updating'
  | 'paused'
  | 'completed'
  | 'rollback_started'
  | 'rollback_paused'
  | 'rollback_completed';

export interface Service {
  readonly ID: string;
  /** Moves with every change, Swarm's own ones included; an update names the one that it was made from. */
  readonly Version: { readonly Index: number };
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
  readonly Spec: ServiceSpec;
  readonly PreviousSpec?: ServiceSpec;
  readonly UpdateStatus?: {
    readonly State?: UpdateState | '';
    readonly StartedAt?: string;
    readonly Message?: string;
  };
}

export interface Task {
  readonly ID: string;
  readonly ServiceID: string;
  readonly CreatedAt: string;
  /** When the manager last changed it, by the manager's clock. */
  readonly UpdatedAt?: string;
  readonly Slot?: number;
  readonly NodeID?: string;
  readonly DesiredState: string;
  readonly Spec: TaskSpec;
  readonly Status: {
    /** By the worker's clock. */
    readonly Timestamp: string;
    readonly State: string;
    readonly Message?: string;
    readonly Err?: string;
    readonly ContainerStatus?: { readonly ContainerID?: string; readonly ExitCode?: number };
  };
}

/** A secret or a config. */
export interface SwarmObject {
  readonly ID: string;
  readonly Version?: { readonly Index: number };
  readonly CreatedAt?: string;
  readonly Spec?: {
    readonly Name?: string;
    readonly Labels?: Readonly<Record<string, string>>;
    /** Of a config, base64. */
    readonly Data?: string;
  };
}

export interface SwarmNode {
  readonly ID: string;
  readonly Version?: { readonly Index: number };
  readonly Spec: {
    readonly Role: string;
    readonly Availability: string;
    readonly Labels?: Readonly<Record<string, string>> | null;
  };
  readonly Description: {
    readonly Hostname: string;
    readonly Resources: { readonly NanoCPUs: number; readonly MemoryBytes: number };
    /** As the node's `uname` says it: `x86_64`, `aarch64`. */
    readonly Platform?: { readonly Architecture?: string; readonly OS?: string };
    readonly Engine?: { readonly Labels?: Readonly<Record<string, string>> | null };
  };
  readonly Status: { readonly State: string; readonly Addr?: string };
  readonly ManagerStatus?: { readonly Leader?: boolean };
}

/** What a registry has of an image. */
export interface Distribution {
  /** As images say it: `amd64`, `arm64`. */
  readonly Platforms?: readonly { readonly architecture?: string; readonly os?: string }[] | null;
}

export interface Network {
  readonly Id: string;
  readonly Name: string;
  /** `bridge`, `overlay`. */
  readonly Driver?: string;
  readonly Internal?: boolean;
  readonly Attachable?: boolean;
  readonly Options?: Readonly<Record<string, string>> | null;
  readonly IPAM?: { readonly Config?: readonly { readonly Subnet?: string }[] | null } | null;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

export interface Volume {
  readonly Name: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

/** `docker ps`: one container of this node. */
export interface ContainerSummary {
  readonly Id?: string;
  readonly ImageID?: string;
  /** `running`, `exited`. */
  readonly State?: string;
  readonly Names: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly Ports: readonly { readonly PublicPort?: number; readonly Type: string }[];
  /** `Up 3 minutes (healthy)`. */
  readonly Status: string;
}

/** `docker image ls`. */
export interface ImageSummary {
  readonly Id: string;
  readonly RepoTags?: readonly string[] | null;
  readonly RepoDigests?: readonly string[] | null;
  readonly Size: number;
}

/** `docker inspect` of one container. */
export interface Container {
  readonly Config?: { readonly Env?: readonly string[] | null };
  readonly Mounts?: readonly {
    /** `volume`, `bind`, `tmpfs`. */
    readonly Type?: string;
    /** Of a volume. */
    readonly Name?: string;
    readonly Destination?: string;
  }[];
  readonly AppArmorProfile?: string;
  readonly HostConfig?: {
    readonly Privileged?: boolean;
    readonly ReadonlyRootfs?: boolean;
    readonly SecurityOpt?: readonly string[] | null;
    readonly PidMode?: string;
    readonly NetworkMode?: string;
    readonly IpcMode?: string;
    readonly UTSMode?: string;
    readonly UsernsMode?: string;
    readonly Memory?: number;
    readonly NanoCpus?: number;
    readonly PidsLimit?: number | null;
    readonly LogConfig?: {
      readonly Type?: string;
      readonly Config?: Readonly<Record<string, string>> | null;
    };
  };
  readonly NetworkSettings?: {
    readonly Networks?: Readonly<Record<string, { readonly IPAddress?: string }>> | null;
  };
  readonly State?: {
    readonly OOMKilled?: boolean;
    readonly Health?: { readonly Log?: readonly { readonly ExitCode: number; readonly Output: string }[] };
  };
}

export interface Info {
  readonly Name: string;
  readonly ServerVersion?: string;
  readonly DockerRootDir: string;
  /** Pairs of a name and a value; `driver-type` among them where containerd keeps the images. */
  readonly DriverStatus?: readonly (readonly [string, string])[] | null;
  /** Since API 1.46: the socket of the containerd that the engine uses. */
  readonly Containerd?: { readonly Address?: string } | null;
  readonly SystemTime: string;
  readonly NCPU: number;
  readonly MemTotal: number;
  /** As `name=seccomp,profile=builtin`. */
  readonly SecurityOptions?: readonly string[] | null;
  readonly Swarm?: {
    readonly NodeID?: string;
    readonly LocalNodeState?: string;
    readonly ControlAvailable?: boolean;
    /** Why the state is `error`. */
    readonly Error?: string;
    readonly Cluster?: {
      readonly ID?: string;
      /** What networks are cut from, and to how many bits. */
      readonly DefaultAddrPool?: readonly string[] | null;
      readonly SubnetSize?: number;
      readonly Spec?: {
        readonly Orchestration?: { readonly TaskHistoryRetentionLimit?: number };
        readonly EncryptionConfig?: { readonly AutoLockManagers?: boolean };
      };
    };
  };
}

/** `docker system df`. */
export interface Usage {
  readonly LayersSize?: number;
  readonly Images?:
    | readonly { readonly Containers: number; readonly Size: number; readonly SharedSize: number }[]
    | null;
  readonly Containers?: readonly { readonly SizeRw?: number }[] | null;
  readonly Volumes?:
    | readonly { readonly Name: string; readonly UsageData?: { readonly Size: number } | null }[]
    | null;
  readonly BuildCache?: readonly { readonly Size: number }[] | null;
}
