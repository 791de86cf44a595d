import type { StatefulSpec } from '../../catalogue/spec/backend';

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
   * The account of all applications, made by the provisioning step.
   * @example user: 'shop'
   * @change rolls the applications that use it; the former account stays
   */
  readonly user: string;
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
}

/** A database, whose URL is in `DATABASE_URL`; or more of it. */
export type DatabaseUse<Database extends string> =
  | Database
  | {
      readonly database: Database;
      /** The variable that its URL is in. @default 'DATABASE_URL' */
      readonly as?: string;
      /** What one task opens at most. @default as the backend says */
      readonly connectionsPerTask?: number;
    };
