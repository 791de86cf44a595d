import type { StatefulSpec } from '../../catalogue/spec/backend';
import type { Duration } from '../../units';

export interface DatabaseSpec {
  /**
   * An idempotent SQL file (`CREATE TABLE IF NOT EXISTS …`), relative to the project, run at each deploy that changes
   * it.
   * @default none
   * @example schema: 'schema/users.sql'
   * @change restarts nothing: the provisioning step runs the file
   */
  readonly schema?: string;
}

export interface MariadbSpec<Database extends string = string, Secret extends string = string>
  extends StatefulSpec {
  /**
   * Databases by name, made by the provisioning step.
   * @example databases: { shop_orders: { schema: 'schema/orders.sql' } }
   * @change restarts nothing: the provisioning step makes what is missing, and drops nothing
   */
  readonly databases: Readonly<Record<Database, DatabaseSpec>>;
  /**
   * The account of all applications, made by the provisioning step; with `accounts: 'per-service'` what the names of
   * theirs begin with.
   * @example user: 'shop'
   * @change rolls the applications that use it; the former account stays
   */
  readonly user: string;
  /**
   * Who logs in: all applications as `user`, with all rights in all databases; or each as `<user>_<application>`, with
   * what its own database needs (no DROP, TRIGGER or EVENT), SELECT in those that it `reads`, connections for its own
   * tasks, and a password of its own, which is made from `password`.
   * @default 'shared'
   * @example accounts: 'per-service'
   * @change rolls the applications that use it; the shared account stays
   */
  readonly accounts?: 'shared' | 'per-service';
  /**
   * With `accounts: 'per-service'`: what becomes of the shared account when all applications have theirs. One that somebody
   * is logged in with is not dropped, and the deploy says so.
   * @default 'kept', with its password rotated as ever
   * @example sharedAccount: 'dropped'
   * @change restarts nothing: the provisioning step does it
   */
  readonly sharedAccount?: 'kept' | 'dropped';
  /**
   * What becomes of rights that the account `user` has beyond these databases, `ALL PRIVILEGES ON *.*` of an older stack for
   * example. The provisioning step names them. Applications' own accounts never keep any.
   * @default 'kept'
   * @example otherRights: 'revoked'
   * @change restarts nothing: the provisioning step does it, after the applications have rolled
   */
  readonly otherRights?: 'kept' | 'revoked';
  /**
   * The secret that is its password.
   * @example password: 'db_password'
   * @change rolls the applications that use it; MariaDB restarts for no password
   */
  readonly password: Secret;
  /**
   * What one task of an application opens at most: its pool, times its processes.
   * @default 15, SQLAlchemy's own: 5 kept and 10 more
   * @example connectionsPerTask: 30
   * @change restarts MariaDB where `maxConnections` follows and the next hundred begins
   */
  readonly connectionsPerTask?: number;
  /**
   * `max_connections`. Ten of them are root's and for backups: no account may take those. A number that is too small for
   * the applications while they roll, or too large for the memory (1 MiB each, and 225 MiB), is refused.
   * @default what all tasks of the applications open while all of them roll, and ten, in whole hundreds
   * @example maxConnections: 300
   * @change restarts MariaDB
   */
  readonly maxConnections?: number;
  /**
   * `false` for an image whose start writes elsewhere than the official one's: to its volume, /run/mysqld and /tmp.
   * @default true
   * @example readOnlyRoot: false
   * @change restarts MariaDB
   */
  readonly readOnlyRoot?: boolean;
  /**
   * Its databases are in the platform's backups, in environments that say `backupTo`. With `rpo` the binary log is on and
   * copied into the repository at least that often: at most so much is lost, and a restore goes back to any moment since
   * the seventh newest backup that is kept. The log takes what is written in three days of the volume's disk.
   * @default false
   * @example backup: { rpo: Duration.minutes(5) }
   * @change `rpo` restarts MariaDB once, and the backup, where it comes or goes; anything else the backup alone
   */
  readonly backup?: boolean | { readonly rpo: Duration };
}

/** A database, whose URL is in `DATABASE_URL`; or more of it. */
export type DatabaseUse<Database extends string> = Database | DatabaseNeeds<Database>;

export interface DatabaseNeeds<Database extends string> {
  readonly database: Database;
  /** The variable that its URL is in. @default 'DATABASE_URL' */
  readonly as?: string;
  /** What one task opens at most. @default as the backend says */
  readonly connectionsPerTask?: number;
  /** Other databases that it reads. Only said to an account of its own: the shared one may do all. @default none */
  readonly reads?: readonly Database[];
}

/** What an application says of its database, in full. */
export const usedBy = <Database extends string>(use: DatabaseUse<Database>): DatabaseNeeds<Database> =>
  typeof use === 'string' ? { database: use } : (use as DatabaseNeeds<Database>);
