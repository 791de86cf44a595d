import type { Redactor } from '../../redact/redactor';
import { type Finding, failure, ok, warning } from '../../terminal/finding';
import type { Encryption } from './setting';

/** What a state's text is, as it is stored. */
export type Stored =
  | { readonly as: 'cipher' | 'clear'; readonly serial: number | undefined }
  | { readonly as: 'nonsense' };

/** What only a state in clear says. */
const WORDS = /"(resources|instances|attributes|outputs|terraform_version)"/;

/** OpenTofu leaves the serial and the lineage readable, and puts all else into one field. */
export function readStored(text: string): Stored {
  let state: Record<string, unknown>;
  try {
    state = JSON.parse(text);
  } catch {
    return { as: 'nonsense' };
  }
  if (typeof state !== 'object' || state === null) return { as: 'nonsense' };
  const { serial, encrypted_data: data } = state;
  const known = typeof serial === 'number' ? serial : undefined;
  if (typeof data === 'string') return { as: isUnreadable(state, data) ? 'cipher' : 'clear', serial: known };
  return known === undefined ? { as: 'nonsense' } : { as: 'clear', serial: known };
}

const isUnreadable = (state: object, data: string): boolean =>
  data !== '' && !WORDS.test(`${JSON.stringify(state)}${Buffer.from(data, 'base64').toString('latin1')}`);

/**
 * Whether it is stored as it should be. The text is never shown.
 *
 * @param secrets values that must not be in it
 */
export function judgeStored(
  text: string,
  encryption: Encryption | undefined,
  secrets: Redactor,
): Finding | undefined {
  const stored = readStored(text);
  if (stored.as === 'nonsense') return undefined;
  const serial = stored.serial === undefined ? '' : ` (serial ${stored.serial})`;
  if (stored.as === 'clear') return encryption ? inClear(encryption, serial) : undefined;
  const decoded = Buffer.from(JSON.parse(text).encrypted_data, 'base64').toString('latin1');
  const found = secrets.found(`${text}\n${decoded}`);
  if (found.length > 0) {
    return failure(
      'state',
      `looks encrypted${serial}, but holds ${found.join(', ')} in clear`,
      'rotate what it holds, and look at the encryption: docs/state.md, "OpenTofu, and an encrypted state"',
    );
  }
  return encryption
    ? ok('state', `is there, and what is stored is cipher text${serial}`)
    : failure(
        'state',
        `is there, encrypted by OpenTofu${serial}, and TF_ENCRYPTION is not set here`,
        'export the TF_ENCRYPTION that it was written with; when that is lost, so is the state: docs/state.md, "Lost state"',
      );
}

const inClear = (encryption: Encryption, serial: string): Finding =>
  warning(
    'state',
    `is stored in clear${serial}, though ${encryption} is set`,
    'let it have a fallback and deploy: docs/state.md, "OpenTofu, and an encrypted state"',
  );
