import { createHash } from 'node:crypto';
import {
  type AccountSettings,
  MARIADB_NAME,
  type PasswordSettings,
  type Phase,
  type ProvisionSettings,
} from '../../contract/provision';
import type { Shell } from '../../contract/shell';

export const USAGE = `usage: PROVISION='{…}' TF_VAR_db_password=… provision prepare|finish
  prepare  databases, user, grants, schema files; the new password is accepted beside the one in force
  finish   only the new password is accepted
  PROVISION is JSON: host, service, user, databases, characterSet, collation, password; see contract/provision.ts`;

/**
 * Reads PROVISION and the phase.
 *
 * @throws with the field that is missing or wrong
 */
export function parseSettings(
  json: string | undefined,
  argument?: string,
): ProvisionSettings & { phase: Phase } {
  if (!json) throw new Error(`PROVISION is not set\n${USAGE}`);
  const raw = parseJson(json);
  const phase = argument ?? raw.phase;
  if (phase !== 'prepare' && phase !== 'finish') {
    throw new Error(`the phase is ${phase === undefined ? 'missing' : `"${phase}"`}\n${USAGE}`);
  }
  for (const field of ['host', 'service'] as const) expectMatch(raw[field], field, /^\S+$/);
  expectMatch(raw.user, 'user', MARIADB_NAME);
  expectMatch(raw.characterSet, 'characterSet', /^[a-z0-9]+$/);
  expectMatch(raw.collation, 'collation', /^[a-z0-9_]+$/);
  expectMatch(raw.password?.variable, 'password.variable', /^\w+$/);
  expectMatch(raw.password?.hash, 'password.hash', /^[0-9a-f]{10}$/);
  if (typeof raw.password?.hashPrefix !== 'string')
    throw wrong('password.hashPrefix', raw.password?.hashPrefix);
  if (!Array.isArray(raw.databases)) throw wrong('databases', raw.databases);
  raw.databases.forEach((database, index) => {
    expectMatch(database?.name, `databases[${index}].name`, MARIADB_NAME);
  });
  const accounts = raw.accounts ?? [];
  if (!Array.isArray(accounts)) throw wrong('accounts', accounts);
  for (const [index, account] of (accounts as readonly AccountSettings[]).entries()) {
    expectMatch(account?.user, `accounts[${index}].user`, MARIADB_NAME);
    expectMatch(account?.database, `accounts[${index}].database`, MARIADB_NAME);
    expectMatch(account?.derivation, `accounts[${index}].derivation`, /^\S+\/$/);
    if (!Array.isArray(account.reads)) throw wrong(`accounts[${index}].reads`, account.reads);
    for (const other of account.reads) expectMatch(other, `accounts[${index}].reads`, MARIADB_NAME);
    if (!Number.isInteger(account.maxConnections) || account.maxConnections < 1) {
      throw wrong(`accounts[${index}].maxConnections`, account.maxConnections);
    }
  }
  if (raw.backup !== undefined) {
    expectMatch(raw.backup?.user, 'backup.user', MARIADB_NAME);
    expectMatch(raw.backup?.derivation, 'backup.derivation', /^\S+\/$/);
    if (typeof raw.backup?.ships !== 'boolean') throw wrong('backup.ships', raw.backup?.ships);
  }
  const deadline = raw.deadlineSeconds;
  if (deadline !== undefined && !(typeof deadline === 'number' && deadline >= 0)) {
    throw wrong('deadlineSeconds', deadline);
  }
  return { ...(raw as ProvisionSettings), phase };
}

/**
 * The password that the settings mean.
 *
 * @throws when the environment lacks it, holds another one, or holds one that the applications cannot send
 */
export function readPassword(settings: PasswordSettings, env: Shell): string {
  const name = `TF_VAR_${settings.variable}`;
  const value = env[name];
  if (value === undefined) {
    throw new Error(
      `${name} is not in the environment\n  export it: a value from -var or from a *.tfvars file does not reach this step`,
    );
  }
  if (value === '') throw new Error(`${name} is empty\n  export the password of the database user`);
  if (
    createHash('sha256').update(`${settings.hashPrefix}${value}`).digest('hex').slice(0, 10) !== settings.hash
  ) {
    throw new Error(
      `${name} is not the password that this deploy was planned with\n  export the same value; one from -var or a *.tfvars file takes precedence in Terraform and does not reach this step`,
    );
  }
  // PyMySQL encodes a password as latin-1, MariaDB takes UTF-8: beyond ASCII the two never agree.
  if (!/^[\x20-\x7e]+$/.test(value)) {
    throw new Error(
      `${name} has a character that is not printable ASCII (a line break from a file, an accent)\n  choose a password of letters, digits and punctuation`,
    );
  }
  return value;
}

type Raw = { [Key in keyof ProvisionSettings]?: ProvisionSettings[Key] };

function parseJson(json: string): Raw {
  try {
    const raw: unknown = JSON.parse(json);
    if (raw !== null && typeof raw === 'object') return raw;
  } catch {}
  throw new Error(`PROVISION is not a JSON object\n${USAGE}`);
}

function expectMatch(value: unknown, field: string, pattern: RegExp): void {
  if (typeof value !== 'string' || !pattern.test(value)) throw wrong(field, value);
}

function wrong(field: string, value: unknown): Error {
  const got = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}, which is not usable`;
  return new Error(`PROVISION: ${field} ${got}\n${USAGE}`);
}
