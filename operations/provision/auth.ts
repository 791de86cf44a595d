import { createHash } from 'node:crypto';

/** One way to log in to an account: `IDENTIFIED VIA <plugin> USING '<authentication>'`. */
export interface AuthEntry {
  readonly plugin: string;
  /** For mysql_native_password the double SHA-1 that MariaDB keeps; empty means no password at all. */
  readonly authentication: string;
}

const NATIVE = 'mysql_native_password';

/**
 * PyMySQL gives up at the second "auth switch request", which MariaDB sends before each further alternative: a third
 * password would be refused to running tasks although the server accepts it (seen with MariaDB 10.11.19).
 */
const MOST_PASSWORDS = 2;

/** The login that `password` opens, hashed here so that the clear text never leaves this process. */
export function nativePassword(password: string): AuthEntry {
  const once = createHash('sha1').update(password, 'utf8').digest();
  const twice = createHash('sha1').update(once).digest('hex');
  return { plugin: NATIVE, authentication: `*${twice.toUpperCase()}` };
}

/** Reads `Priv` of mysql.global_priv. In `auth_or` an empty object is the place of the one at the top level. */
export function parseAuth(priv: string): AuthEntry[] {
  const account = JSON.parse(priv) as StoredAuth & { auth_or?: StoredAuth[] };
  const alternatives = account.auth_or ?? [{}];
  return alternatives.map((entry) => {
    const { plugin, authentication_string } = entry.plugin === undefined ? account : entry;
    return { plugin: plugin ?? NATIVE, authentication: authentication_string ?? '' };
  });
}

interface StoredAuth {
  plugin?: string;
  authentication_string?: string;
}

/**
 * What an account must accept while tasks with the old password are replaced by tasks with the new one: the new
 * one first, then all in force. An account that accepts the new one stays as it is, since a second run must not
 * drop what running tasks use.
 *
 * @throws when two passwords are in force already and the new one is a third
 */
export function withNew(inForce: readonly AuthEntry[], next: AuthEntry): readonly AuthEntry[] {
  if (inForce.some((entry) => sameAuth(entry, next))) return inForce;
  const entries = [next, ...inForce];
  if (entries.filter(isPassword).length > MOST_PASSWORDS) throw new UnfinishedRotation();
  return entries;
}

/**
 * What an account must accept once no task uses the old password.
 *
 * @throws when the new one is not in force: dropping the others would lock every task out
 */
export function onlyNew(inForce: readonly AuthEntry[], next: AuthEntry): readonly AuthEntry[] {
  if (!inForce.some((entry) => sameAuth(entry, next))) {
    throw new Error(
      'the new password is not accepted yet, nothing was changed\n  run the phase `prepare` and roll the applications first',
    );
  }
  return [next];
}

/** A third password while two are in force. */
export class UnfinishedRotation extends Error {
  constructor() {
    super(
      'an earlier rotation did not finish: two passwords are in force, and the applications’ driver can use no more than two; nothing was changed\n' +
        '  deploy once more with the newer of the two (or go back to the older), then rotate to this one',
    );
  }
}

/** The clause after the account's name in CREATE USER and ALTER USER. */
export function identified(entries: readonly AuthEntry[]): string {
  const alternatives = entries.map(({ plugin, authentication }) =>
    authentication === '' ? identifier(plugin) : `${identifier(plugin)} USING ${literal(authentication)}`,
  );
  return `IDENTIFIED VIA ${alternatives.join(' OR ')}`;
}

export function sameAuths(left: readonly AuthEntry[], right: readonly AuthEntry[]): boolean {
  return left.length === right.length && left.every((entry, index) => sameAuth(entry, right[index]!));
}

function sameAuth(left: AuthEntry, right: AuthEntry): boolean {
  return left.plugin === right.plugin && left.authentication === right.authentication;
}

/** unix_socket asks the client for nothing. */
function isPassword(entry: AuthEntry): boolean {
  return entry.plugin !== 'unix_socket';
}

/** A backquoted name. */
export function identifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** A quoted string, for a session whose sql_mode has NO_BACKSLASH_ESCAPES. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
