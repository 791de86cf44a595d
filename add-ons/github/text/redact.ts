import type { Shell } from '../../../contract/shell';
import { encryptionSecrets } from '../../../operations/redact/encryption';
import { Redactor } from '../../../operations/redact/redactor';
import { SECRETS } from '../runner/secrets';

/** Addresses and names that may be a text's business, but not everybody's. Ports are neither secret nor rare enough. */
const ADDRESSES = ['VPS_HOST', 'SMTP_HOST'];
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
    .filter(([, value]) => value.length >= SHORTEST);
  const redactor = new Redactor(Object.fromEntries(secrets), ...encryptionSecrets(env));
  const found = redactor.found(text).filter((name) => !ADDRESSES.includes(name));
  return { text: redactor.hide(text), found };
}
