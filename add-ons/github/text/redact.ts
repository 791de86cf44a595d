import type { Shell } from '../../../contract/shell';
import { encryptionSecrets } from '../../../operations/redact/encryption';
import { isAddress, isOrdinary } from '../../../operations/redact/ordinary';
import { Redactor } from '../../../operations/redact/redactor';
import { SECRETS } from '../runner/secrets';

/** Addresses and names that may be a text's business, but not everybody's. Ports are neither secret nor rare enough. */
const ADDRESSES = ['VPS_HOST', 'SMTP_HOST', 'SMTP_USERNAME', 'SMTP_FROM_EMAIL'];
/** Often the project's own name, which is in the name of each service. */
const LOGINS = ['SMTP_USERNAME', 'AWS_ACCESS_KEY_ID', 'BACKUP_ACCESS_KEY_ID'];
// A registry's user is mostly the owner in the names of images.
const PUBLIC = [
  'VPS_USER',
  'VPS_PORT',
  'SMTP_PORT',
  'VPS_KNOWN_HOSTS',
  'TLS_CERTIFICATE',
  'REGISTRY_USERNAME',
];
/** Below this a value would be found in every text by chance. */
const SHORTEST = 6;

export interface Redacted {
  readonly text: string;
  /** Secrets whose value was in the text: it should not have been, and nothing of it is to be shown. */
  readonly found: readonly string[];
}

/** GitHub hides secrets in logs, not in comments, issues and artifacts. Takes every secret of the environment out of a text. */
export function redact(text: string, env: Shell): Redacted {
  const secrets = SECRETS.filter(({ name }) => !PUBLIC.includes(name))
    .map(({ name, variable }) => [name, env[variable] ?? ''] as const)
    .filter(([, value]) => value.length >= SHORTEST)
    .filter(([name, value]) => !(LOGINS.includes(name) && isOrdinary(value) && !isAddress(value)));
  const redactor = new Redactor(Object.fromEntries(secrets), ...encryptionSecrets(env));
  const found = redactor.found(text).filter((name) => !ADDRESSES.includes(name));
  return { text: redactor.hide(text), found };
}
