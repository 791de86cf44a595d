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
   * `max_connections`.
   * @default MariaDB's own, 151
   * @example maxConnections: 300
   * @change restarts MariaDB
   */
  readonly maxConnections?: number;
}

/** A database, whose URL is in `DATABASE_URL`; or in a variable that the application names. */
export type DatabaseUse<Database extends string> =
  | Database
  | { readonly database: Database; readonly as: string };
