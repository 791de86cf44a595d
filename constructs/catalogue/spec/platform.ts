import type { TlsSpec } from '../../ingress/tls/tls';
import type { ApplicationSpec } from './application';
import type { Backend, UsesOf } from './backend';
import type { EnvironmentSpec } from './environment';
import type { IngressSpec } from './ingress';
import type { ProbeSpec } from './probe';
import type { SecretCommand, SecretSpec } from './secret';
import type { VariableSpec } from './variable';

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
   * that are stateless. `./proctor deploy` does it; `cdktf deploy` leaves them. @default 'leave'
   */
  readonly onFailure?: 'leave' | 'put-back';
  /** Requests to the public endpoint while `./proctor deploy` is under way. @default none */
  readonly probe?: ProbeSpec;
  readonly environments: Readonly<Record<Environment, EnvironmentSpec<Service, keyof Uses & string>>>;
}
