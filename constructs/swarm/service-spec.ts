import type { Capability, Cpu, Duration, ImageRef, Memory } from '../units';
import type { ConnectionCost, Connections } from '../units/connections';
import type { SwarmConfig } from './config';
import type { Healthcheck } from './healthcheck';
import type { Mount } from './mount';
import type { OverlayNetwork } from './network';
import type { MountableSecret } from './secret';
import type { UpdatePolicy } from './update-policy';

/** As `kill -s` has it. */
export type StopSignal = 'TERM' | 'QUIT' | 'INT' | 'HUP' | 'USR1' | 'USR2' | 'WINCH';

/** CPU and memory of one task. */
export interface Resources {
  readonly cpus: Cpu;
  readonly memory: Memory;
}

export interface SecretMount {
  readonly secret: MountableSecret;
  /** File under /run/secrets. @default the secret's id */
  readonly file?: string;
  /** @default 0o444 */
  readonly mode?: number;
}

export interface ConfigMount {
  readonly config: SwarmConfig;
  /** Absolute path in the container. */
  readonly target: string;
  /** @default 0o444 */
  readonly mode?: number;
}

export interface PublishedPort {
  readonly published: number;
  readonly target: number;
  /** `host` binds the node's own port and keeps the client's address. @default 'host' */
  readonly mode?: 'host' | 'ingress';
}

/** When Swarm restarts a task. */
export interface RestartPolicy {
  readonly condition: 'any' | 'on-failure' | 'none';
  readonly delay: Duration;
  /** @default no limit */
  readonly maxAttempts?: number;
}

export interface LogDriver {
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
}

/** What a service is: the engine's own fields under Docker's own names. */
export interface SwarmServiceProps {
  readonly image: ImageRef;
  readonly replicas: number;
  readonly limits: Resources;
  readonly reservations: Resources;
  readonly healthcheck: Healthcheck;
  readonly network: OverlayNetwork;
  /** Where it is reachable, too. @default none */
  readonly otherNetworks?: readonly OverlayNetwork[];
  /** The port it listens on. @default none */
  readonly port?: number;
  /** Replaces the image's ENTRYPOINT. @default the image's own */
  readonly command?: readonly string[];
  /** Replaces the image's CMD; may hold Terraform expressions that `literal` did not touch. @default the image's own */
  readonly args?: readonly string[];
  /** At most one entry: the provider writes more in random order, and any update would restart every task. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  readonly hostname?: string;
  /** `name`, `uid` or either with `:group`. @default the image's own */
  readonly user?: string;
  /** @default none */
  readonly capDrop?: readonly Capability[];
  /** @default none beside Docker's own */
  readonly capAdd?: readonly Capability[];
  /** Only volumes and tmpfs can be written. @default false */
  readonly readOnlyRoot?: boolean;
  readonly mounts?: readonly Mount[];
  readonly secrets?: readonly SecretMount[];
  readonly configs?: readonly ConfigMount[];
  readonly publishedPorts?: readonly PublishedPort[];
  /** For example `node.role==manager`. @default none */
  readonly constraints?: readonly string[];
  readonly updatePolicy: UpdatePolicy;
  /** How long a task may take to stop before it is killed. Always written: the provider's default is none at all. */
  readonly stopGracePeriod: Duration;
  /** How long it serves on after the signal, and how long requests in hand may then take. @default 0 s */
  readonly drain?: Duration;
  readonly gracefulTimeout?: Duration;
  /** @default the image's own, else SIGTERM */
  readonly stopSignal?: `SIG${StopSignal}`;
  /** @default any end, after 5 s, without limit */
  readonly restartPolicy?: RestartPolicy;
  /** @default json-file, 10 MB and two older files for each task */
  readonly logDriver?: LogDriver;
  /** `dnsrr` resolves to the tasks' own addresses, `vip` to a virtual one. @default 'dnsrr' */
  readonly endpointMode?: 'dnsrr' | 'vip';
  /** Data that outlives a task and cannot be shared: one replica, stop-first. @default false */
  readonly stateful?: boolean;
  /** The only service that publishes ports. @default false */
  readonly ingress?: boolean;
  /** Connections of clients that it holds, and what one costs it. @default none that are counted */
  readonly connections?: { readonly held: Connections; readonly cost: ConnectionCost };
  /** Rules that this service breaks on purpose, each with the reason. @default none */
  readonly acknowledge?: Readonly<Partial<Record<string, string>>>;
}
