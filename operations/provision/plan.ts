import type { ProvisionSettings } from '../../contract/provision';
import { type AuthEntry, identified, identifier, literal, parseAuth } from './auth';

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
  return row && parseAuth(Buffer.from(row[1]!, 'hex').toString('utf8'));
}

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

/** All rights in each database, none elsewhere. */
export function grantStep(settings: ProvisionSettings): Step {
  const names = settings.databases.map(({ name }) => name);
  return {
    // In GRANT `_` stands for any character, unless it is escaped.
    sql: names
      .map((name) => identifier(name.replaceAll('_', '\\_')))
      .map((pattern) => `GRANT ALL PRIVILEGES ON ${pattern}.* TO ${account(settings.user)};\n`)
      .join(''),
    done: `grants: ${settings.user} has all rights in ${names.join(', ') || 'no database'}`,
  };
}

function account(user: string): string {
  return `${literal(user)}@'%'`;
}
