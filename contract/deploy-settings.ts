import type { BackupSettings } from './backup-settings';
import type { DeclaredSecret } from './declared-secret';
import type { ProbeSettings } from './probe';

/** What the catalogue says about a deploy as a whole; `"//".deploy` in the synthesized stack, which Terraform ignores. */
export interface DeploySettings {
  /** What to do with the services that this deploy has changed already when a later one fails. @default 'leave' */
  readonly onFailure?: 'leave' | 'put-back';
  /** Requests through the public entry point while the deploy is under way. @default none */
  readonly probe?: ProbeSettings | undefined;
  /** The name that clients use. */
  readonly serverName?: string;
  /** What stands before the server and tells nginx the clients' addresses. @default the catalogue does not say */
  readonly front?: 'none' | 'header' | 'proxy-protocol' | undefined;
  /** The certificate that nginx serves is not one that a client would trust. */
  readonly selfSigned?: boolean;
  /** A provided pair in files, relative to the project. @default TF_VAR_tls_certificate and TF_VAR_tls_private_key */
  readonly certificateFile?: string | undefined;
  readonly privateKeyFile?: string | undefined;
  /** Ids of services in the order in which they roll; those of one wave at the same time. @default all at once */
  readonly waves?: readonly (readonly string[])[];
  /** Services that are never put back: their data may have moved on. */
  readonly stateful?: readonly string[];
  /** Volumes that all tasks of an application share, which several nodes would have each for itself. @default none */
  readonly sharedVolumes?: Readonly<Record<string, readonly string[]>>;
  /** Who waits while a service with data restarts: `writers`, by service. @default clients */
  readonly whoWaits?: Readonly<Record<string, string>>;
  /** @default none */
  readonly secrets?: readonly DeclaredSecret[];
  /** What prints a variable's value, by the variable's name without TF_VAR_. @default none */
  readonly commands?: Readonly<Record<string, readonly string[]>>;
  /** Services that nobody asks, so that their restart is no downtime. @default none */
  readonly background?: readonly string[];
  /** Files of SQL that a step runs each time that it runs: step → database → path in the project. @default none */
  readonly schemas?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Commands that run once before anything rolls: step → whose, and what. @default none */
  readonly migrations?: Readonly<
    Record<string, { readonly service: string; readonly command: readonly string[] }>
  >;
  /** What an account that all applications share, or shared, may do in a database server. @default none */
  readonly sharedAccounts?: readonly SharedAccount[];
  /** How many releases the server keeps a record of. @default 20 */
  readonly keepReleases?: number;
  /** @default there are no backups */
  readonly backup?: BackupSettings;
  /** How long each service's gate watches its new tasks. @default not known */
  readonly observeSeconds?: Readonly<Record<string, number>>;
}

/** An account of a database server, and where it may do all. */
export interface SharedAccount {
  /** The Swarm service that has it. */
  readonly service: string;
  readonly user: string;
  readonly databases: readonly string[];
  /** What becomes of rights elsewhere. */
  readonly otherRights: 'kept' | 'revoked';
  /** It goes at the end of the deploy, with all its rights. @default false */
  readonly dropped?: boolean;
}
