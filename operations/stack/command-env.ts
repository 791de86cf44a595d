import type { Shell } from '../../contract/shell';
import { variableOf } from '../inputs/declared';
import { mayBeSecret } from '../redact/environment';
import { Redactor } from '../redact/redactor';

/** Whoever has one of these reads the state, and with it every secret. */
const STATE = ['TF_ENCRYPTION', 'AWS_SSE_CUSTOMER_KEY', 'PG_CONN_STR', 'PGPASSWORD'];
/** The same where the state is in a bucket. Elsewhere a store of secrets may be what signs in with them. */
const BUCKET = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
const SERVER = 'VPS_SSH_KEY';

export interface CommandEnvironment {
  /** What the command runs with. */
  readonly env: Shell;
  /** Names of variables that it does not get, but for the TF_VAR_*, which nobody expects there. */
  readonly withheld: readonly string[];
}

/**
 * The shell without what is secret of ours: a command gets what its own store signs in with, and nothing else. By name,
 * and by value: a password that is exported once more under another name is the same password.
 *
 * @param secrets names of the stack's secret variables, without TF_VAR_
 * @param inBucket the state is in a bucket, so its credentials are the state's
 */
export function environmentOfCommands(
  shell: Shell,
  secrets: readonly string[],
  inBucket: boolean,
): CommandEnvironment {
  const names = new Set([...STATE, ...(inBucket ? BUCKET : []), SERVER, ...secrets].map(upper));
  const isOurs = (name: string) =>
    upper(name).startsWith(variableOf('').toUpperCase()) || names.has(upper(name));
  const entries = Object.entries(shell);
  const values = new Redactor(
    Object.fromEntries(entries.filter(([name, value]) => isOurs(name) && mayBeSecret(name, value))),
  );
  const gone = entries.filter(([name, value]) => isOurs(name) || values.found(value ?? '').length > 0);
  const withheld = gone.map(([name]) => name);
  return {
    env: Object.fromEntries(entries.filter(([name]) => !withheld.includes(name))),
    withheld: withheld.filter((name) => !name.startsWith(variableOf(''))).sort(),
  };
}

const upper = (name: string): string => name.toUpperCase();
