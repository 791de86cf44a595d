import type { TlsSpec } from '../../ingress/tls/tls';
import type { ApplicationSpec } from './application';
import type { KafkaSpec, MariadbSpec } from './backend';
import type { EnvironmentSpec } from './environment';
import type { IngressSpec } from './ingress';
import type { ProbeSpec } from './probe';
import type { SecretCommand, SecretSpec } from './secret';
import type { VariableSpec } from './variable';

export interface PlatformSpec<
  Secret extends string = string,
  Variable extends string = string,
  Database extends string = string,
  Service extends string = string,
  Environment extends string = string,
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
  readonly mariadb: MariadbSpec<Database, Secret>;
  readonly kafka: KafkaSpec;
  readonly services: Readonly<
    Record<Service, ApplicationSpec<NoInfer<Secret>, NoInfer<Variable>, NoInfer<Database>, NoInfer<Service>>>
  >;
  readonly nginx: IngressSpec<Service>;
  /**
   * Services that a deploy has changed already when a later one fails: `leave` them on the new version, or `put-back` all
   * that are stateless. `npm run deploy` does it; `cdktf deploy` leaves them. @default 'leave'
   */
  readonly onFailure?: 'leave' | 'put-back';
  /** Requests to the public endpoint while `npm run deploy` is under way. @default none */
  readonly probe?: ProbeSpec;
  readonly environments: Readonly<Record<Environment, EnvironmentSpec<Service>>>;
}

/** Checks a catalogue's types: a misspelt key, a wrong unit or a reference to what is not there does not compile. */
export function definePlatform<
  const Secret extends string,
  const Variable extends string,
  const Database extends string,
  const Service extends string,
  const Environment extends string,
>(
  spec: PlatformSpec<Secret, Variable, Database, Service, Environment>,
): PlatformSpec<Secret, Variable, Database, Service, Environment> {
  return spec;
}
