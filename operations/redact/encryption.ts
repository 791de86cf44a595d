import type { Shell } from '../../contract/shell';

/** `passphrase = "…"` of HCL, `"passphrase": "…"` of JSON. */
const SETTING = /"?(\w+)"?\s*[=:]\s*"((?:[^"\\\n]|\\.)*)"/g;
/** Names, places and references; whatever else is set to a text may be a secret. */
const NO_SECRET =
  /^(method|keys|chain|region|kms_key_id|kms_encryption_key|key_spec|key_name|hash_function|encrypted_metadata_alias|address|profile)$/;

/**
 * What `TF_ENCRYPTION` has in it that nobody may see: passphrases and tokens, and the whole of it. One `Shell` for each,
 * as a redactor takes values of one name.
 */
export function encryptionSecrets({ TF_ENCRYPTION: text = '' }: Shell): Shell[] {
  const values = [...text.matchAll(SETTING)].flatMap(([, name = '', written = '']) =>
    NO_SECRET.test(name) ? [] : [written, asWritten(written)],
  );
  return [...new Set([text, ...values])]
    .filter((value) => value !== '')
    .map((value) => ({ TF_ENCRYPTION: value }));
}

function asWritten(text: string): string {
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return text;
  }
}
