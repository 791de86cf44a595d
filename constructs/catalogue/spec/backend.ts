import type { SharedAccount } from '../../../contract/deploy-settings';
import type {
  Construct,
  IConstruct,
  OverlayNetwork,
  Resources,
  Step,
  SwarmSecret,
  SwarmService,
} from '../../swarm';
import type { Duration, ImageRef } from '../../units';
import type { ServiceSpec } from './service';

/** A service with data: one task, stop-first, on the node that has its volume. */
export interface StatefulSpec extends ServiceSpec {
  /**
   * Where its volume is. `'pinned'`: the node that has it, which a step of the deploy finds and labels. Or a constraint
   * that one node fulfils; a deploy refuses one that several do. The default is a place only while there is one manager.
   * @default 'node.role==manager'
   * @example placement: 'pinned'
   * @change restarts nothing while it names the same node; a deploy refuses another (docs/data.md)
   */
  readonly placement?: string;
  /**
   * At most 55 s: Swarm starts the new task after 60 s whatever the old one does.
   * @default 55 s
   * @example stopGracePeriod: Duration.seconds(30)
   * @change restarts it
   */
  readonly stopGracePeriod?: Duration;
}

/** A secret that a backend works with. */
export interface UsedSecret<Secret extends string = string> {
  readonly name: Secret;
  /** Only printable ASCII is accepted: what reads it bears nothing else. @default false */
  readonly asciiOnly?: boolean;
  /** A step changes it inside the running backend, which accepts the older value until the last gate. @default false */
  readonly provisioned?: boolean;
}

/** A secret of one application, made from another's value. */
export interface OwnSecret {
  readonly from: string;
  /** Whose it is: its key in the catalogue. */
  readonly application: string;
  /** What the value is hashed with; no two may have the same. */
  readonly purpose: string;
}

/** What an application gets that names a backend. */
export interface Grant {
  /** Environment variables without a secret. @default none */
  readonly settings?: readonly { readonly name: string; readonly value: string }[];
  /** Environment variables with `{secret}` where the URL-encoded value of that secret goes. @default none */
  readonly urls?: readonly { readonly name: string; readonly template: string }[];
  /** Secrets that are mounted under their own names. @default none */
  readonly secrets?: readonly string[];
  /** The same, but with a value of the application's own that is made from theirs. @default none */
  readonly ownSecrets?: readonly OwnSecret[];
  /**
   * What answers when the backend is ready, which a task waits for before it starts: `mysql://host:port` or
   * `kafka://host:port`.
   * @default nothing is waited for
   */
  readonly waitFor?: `${'mysql' | 'kafka'}://${string}:${number}`;
}

/** What a backend's backup is made with. */
export interface BackupSource {
  /** Who logs in, and where: `mariadb://shop_backup@mariadb:3306`. */
  readonly url: `mariadb://${string}@${string}:${number}`;
  readonly databases: readonly string[];
  /** The password: made from that secret, for that purpose. */
  readonly password: Pick<OwnSecret, 'from' | 'purpose'>;
  /** How often its log is copied between two backups. @default there is none */
  readonly rpo?: Duration;
}

/** An application that names a backend. */
export interface Client {
  readonly application: string;
  /** What its `backends` says. */
  readonly use: unknown;
  readonly tasks: {
    readonly atRest: number;
    /** While it rolls. */
    readonly most: number;
  };
}

/** Where a backend is declared, with what the environment says of it. */
export interface Place {
  readonly scope: Construct;
  /** Its key in the catalogue: the service's name, and what the names of its other objects begin with. */
  readonly id: string;
  readonly image: ImageRef;
  readonly limits: Resources;
  readonly reservations: Resources;
  readonly network: OverlayNetwork;
  /** Who uses it, in the catalogue's order. */
  readonly clients: readonly Client[];
  /** @throws for a name that the catalogue does not declare */
  secret(name: string): SwarmSecret;
  /** What paths in the catalogue are relative to. */
  readonly projectFolder: string;
  /** The environment has a place for backups. */
  readonly backedUp: boolean;
}

/** Steps inside a running backend, before and after the applications roll. */
export interface Provisioning {
  /** After the gates of all backends, before the first application. */
  prepare(script: string, after: readonly IConstruct[]): Step;
  /** After all gates. */
  finish(script: string, after: readonly IConstruct[], prepared: Step): Step;
  /** Files that `prepare` runs, as they are in the project: what each runs in → path. @default none; the plan names them */
  readonly files?: Readonly<Record<string, string>>;
  /** The account that applications share, or shared. @default none; the preflight tells what else it may do */
  readonly sharedAccount?: SharedAccount;
  /** What the same script is told by hand (`./proctor provision`), with schema files as paths. @throws when one is not there */
  manualInput(): object & { readonly password: { readonly variable: string; readonly hashPrefix: string } };
}

/**
 * Something with data that applications cannot work without: a database, a broker, a cache. A kind is a folder of
 * `constructs/backends/`, or a file of your own, with a function that returns this. Platform, rules, plan and status
 * know no kind by its name.
 */
export interface Backend<Resource = unknown, Secret extends string = string> {
  /** For people: `MariaDB`. */
  readonly kind: string;
  /** Image and size, which an environment may override. */
  readonly spec: StatefulSpec;
  /** @default none */
  readonly uses?: readonly UsedSecret<Secret>[];
  /** Who waits while it restarts: `writers`. @default 'clients' */
  readonly whoWaits?: string;
  declare(at: Place, after: readonly IConstruct[]): SwarmService;
  /**
   * What its backups are made with, where the environment has a place for them.
   *
   * @param id the backend's key in the catalogue
   * @default it has none of its data there
   */
  backup?(id: string): BackupSource | undefined;
  /** @default it needs none */
  provision?(at: Place, service: SwarmService): Provisioning;
  /**
   * @param id the backend's key in the catalogue, which is also the name under which applications reach it
   * @param resource what the application's `backends` says: the name of a database, or `true`
   * @param application its key in the catalogue
   */
  grant(id: string, resource: Resource, application: string): Grant;
}

/** What an application may say under each backend's key. */
export type UsesOf<Backends> = string extends keyof Backends
  ? Readonly<Record<string, unknown>>
  : {
      readonly [Id in keyof Backends]?: Backends[Id] extends {
        grant(id: string, resource: infer Resource, application: string): Grant;
      }
        ? Resource
        : never;
    };
