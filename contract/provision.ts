/** A database or an account. MariaDB's own limit is 64 characters; the set is what needs no quoting anywhere. */
export const MARIADB_NAME = /^[A-Za-z0-9_$-]{1,64}$/;

/** What a run is to do. Comes as JSON in the environment variable PROVISION; holds no secret. */
export interface ProvisionSettings {
  /** `ssh://user@host:port` or `unix:///path`. */
  readonly host: string;
  /** As in the provider's `ssh_opts`. @default - none */
  readonly sshOptions?: readonly string[];
  /** The Swarm service that runs MariaDB. */
  readonly service: string;
  /** The account that the applications log in with, from any address. */
  readonly user: string;
  readonly databases: readonly DatabaseSettings[];
  /** For databases that are created; one that exists keeps its own. */
  readonly characterSet: string;
  readonly collation: string;
  readonly password: PasswordSettings;
  /** One for each application; `user` is then the account that they shared before. @default - all log in as `user` */
  readonly accounts?: readonly AccountSettings[];
  /** With `accounts`: what becomes of `user` in the end. @default 'kept' */
  readonly sharedAccount?: 'kept' | 'dropped';
  /** What becomes of rights of `user` beyond the databases. @default 'kept' */
  readonly otherRights?: 'kept' | 'revoked';
  /** What makes backups logs in with it: it reads, and writes nothing. @default - there is none */
  readonly backup?: Pick<AccountSettings, 'user' | 'derivation'> & {
    /** It copies the binary log, too. */
    readonly ships: boolean;
  };
  /** `prepare` before the applications roll, `finish` after. An argument of the command wins. */
  readonly phase?: Phase;
  /** How long to wait for a task that serves. @default 120 */
  readonly deadlineSeconds?: number;
}

/** An account of one application. */
export interface AccountSettings {
  readonly user: string;
  /** Its password is SHA-256, in hex, of this and the value of `password`. */
  readonly derivation: string;
  /** Where it reads and writes. */
  readonly database: string;
  /** Where it reads. */
  readonly reads: readonly string[];
  readonly maxConnections: number;
}

export interface DatabaseSettings {
  readonly name: string;
  /** A file of idempotent SQL, run in the database at every `prepare`. @default - none */
  readonly schemaFile?: string;
}

/** Which password is meant, without saying it. */
export interface PasswordSettings {
  /** The Terraform variable; the value is read from the environment as `TF_VAR_<variable>`. */
  readonly variable: string;
  /** The first 10 hex digits of SHA-256 over `hashPrefix` and the value. */
  readonly hash: string;
  readonly hashPrefix: string;
}

export type Phase = 'prepare' | 'finish';
