import type { HostSpec } from '../host';
import type { TlsSpec } from '../ingress/tls/tls';
import type { HealthcheckMinimum, Resources, StateSpec } from '../swarm';
import type { Cpu, Duration, Memory } from '../units';
import type { Backend, UsesOf } from './backend';
import type { ServiceSpec } from './service';

/** A secret: the sensitive variable of its name, `TF_VAR_<name>`. */
export interface SecretSpec<Secret extends string = string> {
  /** Fewest characters. @default 16 */
  readonly minLength?: number;
  /** An empty or absent value then makes no secret, and the services start without it. @default false */
  readonly optional?: boolean;
  /** @default none */
  readonly description?: string;
  /**
   * Prints the value, without a shell: `['op', 'read', 'op://vault/db/password']`. `npm run deploy` runs it, in the
   * project's folder, when neither the shell nor the `.env` file has a value; synth never does.
   * @default none
   */
  readonly command?: SecretCommand;
  /**
   * It signs tokens that clients keep, and a deploy says what rotating it does to them. `acceptedKeys` names an optional
   * secret with further keys, separated by commas, that the images accept besides (docs/secrets.md has their contract).
   * @default it signs nothing
   */
  readonly signsTokens?: { readonly acceptedKeys?: Secret };
}

/** A program and its arguments. */
export type SecretCommand = readonly [string, ...string[]];

/** A value that is no secret but differs between installations: the variable `TF_VAR_<name>`. */
export interface VariableSpec {
  readonly kind: 'host' | 'port' | 'text';
  /** @default none: the variable must be given */
  readonly default?: string;
  /** @default none */
  readonly description?: string;
}

/** What an environment may say otherwise about one service. */
export interface ServiceOverride {
  readonly replicas?: number;
  readonly image?: string;
  readonly limits?: Resources;
  readonly reservations?: Resources;
}

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

export interface RouteSpec<Service extends string> {
  /** Passed on unchanged; the longest prefix wins. */
  readonly path: `/${string}`;
  readonly service: Service;
  /** Requests a client may send at once over 10 per second before it gets 429; `false` for no limit. @default 20 */
  readonly burst?: number | false;
  /** Upgrades connections and keeps idle ones for an hour. @default false */
  readonly websocket?: boolean;
}

export interface IngressSpec<Service extends string> extends ServiceSpec {
  readonly routes: readonly RouteSpec<NoInfer<Service>>[];
  /** The door in front of nginx that lets it roll without losing a request; `false` publishes nginx itself, stop-first. */
  readonly edge: false | Omit<ServiceSpec, 'image'>;
  /** Largest request body, in nginx's words. @default '50m' */
  readonly maxBodySize?: string;
}

/** What to request while a deploy is under way, four requests a second in all, and what is too bad. */
export interface ProbeSpec {
  /** Requested in turn, with GET. */
  readonly paths: readonly [`/${string}`, ...`/${string}`[]];
  /** Share of requests, 0 to 1, that may fail: no answer within 10 s, or a status of 500 and above. @default 0 */
  readonly maxErrorRate?: number;
  /** Slowest answer but for one in a hundred. @default no limit */
  readonly maxP99Milliseconds?: number;
  /** `rollback` stops the deploy at once and puts back every stateless service that it changed. @default 'fail': the deploy fails, what runs stays */
  readonly onFailure?: 'fail' | 'rollback';
}

export interface NodeSpec {
  readonly cpus: Cpu;
  readonly memory: Memory;
}

export interface EnvironmentSpec<Service extends string, Backend extends string = string> {
  /** Namespace of all objects. @default the platform's name */
  readonly name?: string;
  /**
   * The server: its address, where the shell that synthesizes has no VPS_HOST; or what the stack `host` makes of it. Without
   * an object it is taken as you prepared it.
   * @default the variable VPS_HOST
   */
  readonly host?: string | HostSpec;
  readonly serverName?: string;
  readonly node: NodeSpec;
  readonly state: StateSpec;
  /** Public ports. @default 80 and 443 */
  readonly ports?: { readonly http: number; readonly https: number };
  /** Reservations of every service that has no override of its own, its limits permitting. @default the services' own */
  readonly reservations?: Resources;
  /** For a node that is slower than where the services' health checks were measured: none is more hurried. @default the services' own */
  readonly healthcheckMinimum?: HealthcheckMinimum;
  /** How long gates watch new tasks, for all services. @default the update policies' */
  readonly observe?: Duration;
  /** Disposable: images need no digest, `IMAGE_REGISTRY` and `IMAGE_TAG` are obeyed, local state is fine under CI. @default false */
  readonly disposable?: boolean;
  readonly tls?: TlsSpec;
  readonly services?: Readonly<Partial<Record<NoInfer<Service> | 'nginx', ServiceOverride>>> &
    Readonly<Partial<Record<NoInfer<Backend> | 'edge', Omit<ServiceOverride, 'replicas'>>>>;
}

export type Backends<Secret extends string = string> = Readonly<Record<string, Backend<never, Secret>>>;

export interface PlatformSpec<
  Secret extends string = string,
  Variable extends string = string,
  Declared = Backends,
  Service extends string = string,
  Environment extends string = string,
  Uses = UsesOf<Declared>,
> {
  readonly name: string;
  /** The name that clients use. */
  readonly serverName: string;
  readonly tls: TlsSpec;
  readonly secrets: Readonly<Record<Secret, SecretSpec<NoInfer<Secret>>>>;
  readonly variables: Readonly<Record<Variable, VariableSpec>>;
  /** Registries that need a login: the variables that hold it. @default none */
  readonly registries?: readonly {
    readonly address: string;
    readonly username: string;
    readonly password: string;
    /** Prints the password, as a secret's `command` does. @default none */
    readonly passwordCommand?: SecretCommand;
  }[];
  /** Databases, brokers and the like, deployed before the applications: `{ mariadb: mariadb({ … }), kafka: kafka({ … }) }`. @default none */
  readonly backends?: Declared & { readonly [Id in keyof Declared]: Backend<never, NoInfer<Secret>> };
  readonly services: Readonly<
    Record<Service, ApplicationSpec<NoInfer<Secret>, NoInfer<Variable>, NoInfer<Uses>, NoInfer<Service>>>
  >;
  readonly nginx: IngressSpec<Service>;
  /**
   * Services that a deploy has changed already when a later one fails: `leave` them on the new version, or `put-back` all
   * that are stateless. `npm run deploy` does it; `cdktf deploy` leaves them. @default 'leave'
   */
  readonly onFailure?: 'leave' | 'put-back';
  /** Requests through the public door while `npm run deploy` is under way. @default none */
  readonly probe?: ProbeSpec;
  readonly environments: Readonly<Record<Environment, EnvironmentSpec<Service, keyof Uses & string>>>;
}
