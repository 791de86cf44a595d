import { withoutEntities } from '../redact/redactor';
import { SECRETS } from './secrets';

type Env = Readonly<Record<string, string | undefined>>;

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

/**
 * GitHub hides secrets in logs, not in comments, issues and artifacts. Takes every secret of the environment out of a
 * text, plain, in base64, URL-encoded and escaped as JSON; the lines of a key one by one.
 */
export function redact(text: string, env: Env): Redacted {
  let clean = text;
  const found = new Set<string>();
  const decoded = withoutEntities(text);
  for (const { name, variable } of SECRETS) {
    const value = env[variable] ?? '';
    if (PUBLIC.includes(name) || value.length < SHORTEST) continue;
    for (const form of forms(value)) {
      if (decoded.includes(form) && !ADDRESSES.includes(name)) found.add(name);
      if (!clean.includes(form)) continue;
      clean = clean.replaceAll(form, `<${name}>`);
      if (!ADDRESSES.includes(name)) found.add(name);
    }
  }
  return { text: clean, found: [...found] };
}

/** The longest first, so that a part does not break the whole. */
function forms(value: string): string[] {
  const lines = value.split(/\r?\n/).filter((line) => line.length >= 16 && !line.startsWith('-----'));
  const plain = [value, ...(value.includes('\n') ? lines : [])];
  const all = plain.flatMap((one) => [
    ...[one, encodeURIComponent(one), JSON.stringify(one).slice(1, -1)],
    ...base64Forms(one),
  ]);
  return [...new Set(all)].filter((form) => form.length >= SHORTEST).sort((a, b) => b.length - a.length);
}

/** Base64 of the value alone, and what is common to all texts that have it inside, at each of the three offsets. */
function base64Forms(value: string): string[] {
  const whole = Buffer.from(value).toString('base64');
  const inside = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]).toString('base64');
    // Characters that share bits with what stands before and behind are left out.
    const from = offset === 0 ? 0 : offset + 1;
    const bits = (offset + Buffer.byteLength(value)) * 8;
    return encoded.slice(from, Math.floor(bits / 6));
  });
  return [whole, ...inside].filter((form) => form.length >= SHORTEST + 2);
}
