import type { Duration } from '../../units';
import type { ServiceSpec } from './service';

/** One of the platform's applications. */
export interface ApplicationSpec<Secret extends string, Variable extends string, Uses, Service extends string>
  extends ServiceSpec {
  /** The port it listens on. */
  readonly port: number;
  /** The image's CMD, repeated: an overridden entrypoint drops it. */
  readonly command: readonly string[];
  readonly replicas: number;
  /** What it cannot work without, by the backends' keys: `{ mariadb: 'shop_orders', kafka: true }`. @default none */
  readonly backends?: Uses;
  /** Environment variables that say the same everywhere. @default none */
  readonly settings?: Readonly<Record<string, string>>;
  /** Environment variables that take a secret's value. @default none */
  readonly secrets?: Readonly<Record<string, Secret>>;
  /** Environment variables that take a variable's value. @default none */
  readonly variables?: Readonly<Record<string, Variable>>;
  /** Environment variables that take another service's address, `http://<service>:<port>`. @default none */
  readonly urls?: Readonly<Record<string, Service>>;
  /** For what is adopted as it is: at most one entry. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * `false` runs the image's own entrypoint with `command` as its arguments: no settings, backends, variables or urls
   * then, and secrets are files under /run/secrets. @default true
   */
  readonly launcher?: boolean;
  /** Where it may run, for example `node.labels.disk==ssd`. @default anywhere */
  readonly placement?: string;
  /** Volumes that all its replicas write. @default none */
  readonly sharedVolumes?: readonly { readonly name: string; readonly target: string }[];
  /** How long it serves on after SIGTERM while nginx forgets it. @default 6 s */
  readonly drain?: Duration;
  /** How long requests in hand may then take; told to the image's command by the catalogue. @default 30 s */
  readonly gracefulTimeout?: Duration;
  /** @default drain + gracefulTimeout + 9 s */
  readonly stopGracePeriod?: Duration;
  /** `dnsrr` resolves to the tasks' own addresses, `vip` to a virtual one, as an adopted stack has it. @default 'dnsrr' */
  readonly endpointMode?: 'dnsrr' | 'vip';
}
