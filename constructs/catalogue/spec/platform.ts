import type { TlsSpec } from '../../ingress/tls/tls';
import type { ApplicationSpec } from './application';
import type { Backend, UsesOf } from './backend';
import type { BackupSpec } from './backup';
import type { EnvironmentSpec } from './environment';
import type { IngressSpec } from './ingress';
import type { JobSpec } from './job';
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
  /**
   * Namespace of all objects: services, secrets, configs and networks are `<name>_…`. With a certificate that Terraform
   * makes, 25 characters at most: the name of its secret has 39 more, and Swarm takes 64.
   * @example name: 'proctorwise'
   * @change replaces every service, an outage that the plan refuses without ALLOW_DESTROY=1; volumes keep the old
   * name
   */
  readonly name: string;
  /**
   * The name that clients use.
   * @example serverName: 'exam.example.com'
   * @change makes another certificate, which rolls nginx
   */
  readonly serverName: string;
  /**
   * Where nginx's certificate comes from.
   * @example tls: { mode: 'self-signed' }
   * @change rolls nginx
   */
  readonly tls: TlsSpec;
  /**
   * Secrets by name; each takes its value from the sensitive variable `TF_VAR_<name>`.
   * @example secrets: { db_password: { minLength: 16 } }
   * @change a new one restarts nothing until a service uses it; another value rolls the services that use it
   */
  readonly secrets: Readonly<Record<Secret, SecretSpec<NoInfer<Secret>>>>;
  /**
   * Values that are no secret but differ between installations, from `TF_VAR_<name>`.
   * @example variables: { smtp_host: { kind: 'host' } }
   * @change a new one restarts nothing until a service uses it; another value rolls the services that use it
   */
  readonly variables: Readonly<Record<Variable, VariableSpec>>;
  /**
   * Registries that need a login: the variables that hold it. Without a password nothing is logged in there.
   * @default none
   * @example registries: [{ address: 'ghcr.io', username: 'registry_username', password: 'registry_password' }]
   * @change restarts nothing: a login is used by the next pull. Only the first one to `docker.io` rolls what runs images of
   * Docker Hub: their names are then written in full
   */
  readonly registries?: readonly {
    readonly address: string;
    readonly username: string;
    readonly password: string;
    /** Prints the password, as a secret's `command` does. @default none */
    readonly passwordCommand?: SecretCommand;
  }[];
  /**
   * Databases, brokers and the like, deployed before the applications.
   * @default none
   * @example backends: { mariadb: mariadb({ … }), kafka: kafka({ … }) }
   * @change a new one is deployed before the applications; one that is removed is destroyed, its volume stays
   */
  readonly backends?: Declared & { readonly [Id in keyof Declared]: Backend<never, NoInfer<Secret>> };
  /**
   * The applications, by name.
   * @example services: { userservice: { … } }
   * @change a new one is created before nginx routes to it; take its routes out in one deploy, then remove it in the
   * next
   */
  readonly services: Readonly<
    Record<Service, ApplicationSpec<NoInfer<Secret>, NoInfer<Variable>, NoInfer<Uses>, NoInfer<Service>>>
  >;
  /**
   * Commands that run at the times of a schedule, by name, each in a task of its own that waits for them
   * ([more](jobs.md#a-schedule)). `./proctor run <name>` runs one now, `./proctor status` shows the last runs.
   * @default none
   * @example jobs: { tidy: { service: 'userservice', command: ['python', '-m', 'app.tidy_up'], schedule: '30 3 * * *' } }
   * @change a new one is created, one that is removed goes; the others stay
   */
  readonly jobs?: Readonly<Record<string, JobSpec<NoInfer<Secret>, NoInfer<Variable>, NoInfer<Service>>>>;
  /**
   * The way in: routes, size limits and the edge.
   * @example nginx: { image: 'nginx:1.30', limits, edge: { limits }, routes: [{ path: '/', service: 'userservice' }] }
   * @change rolls nginx
   */
  readonly nginx: IngressSpec<Service>;
  /**
   * Services that a deploy has changed already when a later one fails: `leave` them on the new version, or `put-back`
   * all that are stateless. `./proctor deploy` does it; `cdktf deploy` leaves them.
   * @default 'leave'
   * @example onFailure: 'put-back'
   * @change restarts nothing
   */
  readonly onFailure?: 'leave' | 'put-back';
  /**
   * How many deploys the server keeps a record of: the releases that `./proctor releases` lists and `./proctor rollback --to`
   * goes back to. Each takes some 30 kB of the Swarm's store.
   * @default 20
   * @example keepReleases: 50
   * @change restarts nothing
   */
  readonly keepReleases?: number;
  /**
   * How what says `backup` is backed up, in environments that say `backupTo` ([more](data.md#backups)). Its password is
   * `TF_VAR_backup_repository_password`.
   * @default its own defaults
   * @example backup: { schedule: '15 3 * * *', keep: { daily: 14 } }
   * @change restarts nothing where no `backupTo` is
   */
  readonly backup?: BackupSpec;
  /**
   * Requests to the public endpoint while `./proctor deploy` is under way.
   * @default none
   * @example probe: { paths: ['/users'] }
   * @change restarts nothing
   */
  readonly probe?: ProbeSpec;
  /**
   * Where the platform runs: each environment is one Terraform stack with one state.
   * @example environments: { production: { node, state: { kind: 's3', … } } }
   * @change restarts nothing in the others
   */
  readonly environments: Readonly<Record<Environment, EnvironmentSpec<Service, keyof Uses & string>>>;
}
