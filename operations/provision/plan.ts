import type { ProvisionSettings } from '../../contract/provision';
import type { WantedAccount } from './account';
import { type AuthEntry, identified, identifier, literal, parseAuth } from './auth';
import { ALL, EVERYWHERE, OWN_RIGHTS, objectOf, READ_RIGHTS, type Right } from './rights';

/** SQL, and the line that is printed once it is done. */
export interface Step {
  readonly sql: string;
  readonly done: string;
}

/** The account's rows in mysql.global_priv: host, and the JSON in hex, which no output format can garble. */
export function accountQuery(user: string): string {
  return `SELECT Host, HEX(Priv) FROM mysql.global_priv WHERE User = ${literal(user)} AND Host <> '';\n`;
}

export const DATABASES_QUERY = 'SELECT SCHEMA_NAME FROM information_schema.SCHEMATA;\n';

/** Roots of an older stack that had a password, which the service's init file locked; a new one's password is no hash. */
export const LOCKED_ROOTS_QUERY = `SELECT Host FROM mysql.global_priv WHERE User = 'root' AND Host <> 'localhost'
  AND JSON_VALUE(Priv, '$.account_locked') = 1 AND JSON_VALUE(Priv, '$.authentication_string') LIKE '*%' ORDER BY Host;\n`;

// The socket and the loopback address are inside MariaDB's own container.
const LOCAL_HOSTS = ['localhost', '127.0.0.1', '::1'];

/**
 * What the account `user`@'%' accepts; undefined when there is none.
 *
 * @throws when another account of that name would be taken instead for clients it matches better
 */
export function accountAuth(user: string, rows: readonly string[][]): readonly AuthEntry[] | undefined {
  const foreign = rows.map(([host]) => host!).filter((host) => host !== '%' && !LOCAL_HOSTS.includes(host));
  if (foreign.length > 0) {
    const account = `${literal(user)}@${literal(foreign[0]!)}`;
    throw new Error(
      `the account ${account} exists, too, and MariaDB prefers it to ${literal(user)}@'%' for clients that it matches; nothing was changed\n` +
        `  when nobody needs it: DROP USER ${account}`,
    );
  }
  const row = rows.find(([host]) => host === '%');
  return row && parseAuth(textOf(row[1]!));
}

/** How many connections `user`@'%' may have, from the same rows; without a bound of its own Infinity. */
export function connectionsInForce(rows: readonly string[][]): number {
  const row = rows.find(([host]) => host === '%');
  const { max_user_connections = 0 } = row ? privOf(row) : {};
  return max_user_connections || Number.POSITIVE_INFINITY;
}

const privOf = ([, hex]: readonly string[]): { max_user_connections?: number } => JSON.parse(textOf(hex!));

const textOf = (hex: string): string => Buffer.from(hex, 'hex').toString('utf8');

/** The databases that are missing. */
export function databaseSteps(settings: ProvisionSettings, existing: readonly string[]): Step[] {
  return settings.databases
    .filter(({ name }) => !existing.includes(name))
    .map(({ name }) => ({
      sql: `CREATE DATABASE IF NOT EXISTS ${identifier(name)} CHARACTER SET ${settings.characterSet} COLLATE ${settings.collation};\n`,
      done: `database ${name}: created (${settings.characterSet}, ${settings.collation})`,
    }));
}

/** The account with its first password, never without one. */
export function createUser(user: string, entries: readonly AuthEntry[]): string {
  return `CREATE USER IF NOT EXISTS ${account(user)} ${identified(entries)};\n`;
}

/** One statement, thus whole or not at all. */
export function alterUser(user: string, entries: readonly AuthEntry[]): string {
  return `ALTER USER ${account(user)} ${identified(entries)};\n`;
}

/**
 * What each account may do, and how many connections it may have. Only adds: tasks of before the roll may still hold as many
 * as they were allowed, and `connectionsStep` lowers it in the end.
 *
 * @param inForce as `connectionsInForce` says; undefined for an account that is new
 */
export function grantStep({ user, rights, maxConnections }: WantedAccount, inForce?: number): Step {
  const grants = rights.map(
    ({ database, rights: some }) =>
      `GRANT ${some.join(', ')} ON ${objectOf(database)} TO ${account(user)};\n`,
  );
  const raised = maxConnections !== undefined && (inForce ?? 0) < maxConnections;
  const later = maxConnections !== undefined && inForce !== undefined && inForce > maxConnections;
  return {
    sql: [...grants, ...(raised ? [limit(user, maxConnections)] : [])].join(''),
    done: `grants: ${user} ${saying(rights, maxConnections)}${later ? ' from the end on' : ''}`,
  };
}

/** Exactly as many connections as the catalogue says; undefined where it is so, or the catalogue says nothing. */
export function connectionsStep(
  { user, maxConnections }: WantedAccount,
  inForce: number | undefined,
): Step | undefined {
  if (maxConnections === undefined || maxConnections === inForce) return undefined;
  return { sql: limit(user, maxConnections), done: `connections of ${user}: ${maxConnections} at most` };
}

const limit = (user: string, connections: number): string =>
  `ALTER USER ${account(user)} WITH MAX_USER_CONNECTIONS ${connections};\n`;

function saying(rights: readonly Right[], maxConnections: number | undefined): string {
  const names = (some: readonly string[]) =>
    rights.filter((right) => `${right.rights}` === `${some}`).map(({ database }) => database);
  if (rights.some(({ database }) => database === EVERYWHERE)) {
    return `reads for backups, with ${maxConnections} connections at most`;
  }
  if (maxConnections === undefined) return `has all rights in ${names([ALL]).join(', ') || 'no database'}`;
  const reads = names(READ_RIGHTS);
  return `uses ${names(OWN_RIGHTS).join(', ')}${reads.length > 0 ? `, reads ${reads.join(', ')}` : ''}, with ${maxConnections} connections at most`;
}

/** What it may do, one line for each object. */
export const grantsQuery = (user: string): string => `SHOW GRANTS FOR ${account(user)};\n`;

/** Where somebody is logged in as this user. */
export const sessionsQuery = (user: string): string =>
  `SELECT DISTINCT SUBSTRING_INDEX(HOST, ':', 1) FROM information_schema.PROCESSLIST WHERE USER = ${literal(user)};\n`;

export const dropUser = (user: string): string => `DROP USER IF EXISTS ${account(user)};\n`;

export function account(user: string): string {
  return `${literal(user)}@'%'`;
}
