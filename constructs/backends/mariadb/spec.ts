import type { StatefulSpec } from '../../catalogue/spec/backend';

export interface DatabaseSpec {
  /** An idempotent SQL file (`CREATE TABLE IF NOT EXISTS …`), relative to the project, run at each deploy that changes it. @default none */
  readonly schema?: string;
}

export interface MariadbSpec<Database extends string = string, Secret extends string = string>
  extends StatefulSpec {
  readonly databases: Readonly<Record<Database, DatabaseSpec>>;
  /** The account of all applications, made by the provisioning step. */
  readonly user: string;
  /** The secret that is its password. */
  readonly password: Secret;
  /** `max_connections`; a change restarts MariaDB. @default MariaDB's own, 151 */
  readonly maxConnections?: number;
}

/** A database, whose URL is in `DATABASE_URL`; or in a variable that the application names. */
export type DatabaseUse<Database extends string> =
  | Database
  | { readonly database: Database; readonly as: string };
