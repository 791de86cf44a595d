import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Shell } from '../../contract/shell';

/** ssh asks a server for a key of the kind that is known; Ed25519 is the one that servers give up last. */
const PREFERRED = [/^ssh-ed25519$/, /^ecdsa-sha2-/, /^ssh-rsa$/];

/** Lines of known_hosts: those in `VPS_KNOWN_HOSTS`, else the user's file. Empty when there is neither. */
export function readKnownHosts(shell: Shell): string {
  if (shell.VPS_KNOWN_HOSTS) return shell.VPS_KNOWN_HOSTS;
  try {
    return readFileSync(join(shell.HOME ?? '/root', '.ssh', 'known_hosts'), 'utf8');
  } catch {
    return '';
  }
}

/**
 * The public key, as `<kind> <base64>`, that a server must show, read from lines in sshd(8)'s format: names, patterns,
 * `[name]:port` and hashed ones. Keys of certificate authorities are passed over, a revoked key is never returned.
 *
 * @returns undefined when no line is about this server
 */
export function hostKeyOf(knownHosts: string, host: string, port: number): string | undefined {
  const name = port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
  const lines = knownHosts
    .split(/\r?\n/)
    .map((line) => line.trim().split(/\s+/))
    .filter(([first = '']) => first !== '' && !first.startsWith('#'));
  const revoked = lines.filter(([mark]) => mark === '@revoked').map(([, , , key]) => key);
  const keys = lines
    .filter(([names = '', , key]) => !names.startsWith('@') && key && matches(names, name))
    .filter(([, , key]) => !revoked.includes(key))
    .map(([, kind, key]) => ({ kind: kind!, text: `${kind} ${key}` }));
  const best = PREFERRED.flatMap((kind) => keys.filter((key) => kind.test(key.kind)));
  return best[0]?.text;
}

/** The number of the first line that is neither empty, a comment nor a whole key. */
export function strangeLineOf(knownHosts: string): number | undefined {
  const index = knownHosts.split(/\r?\n/).findIndex((line) => {
    const fields = line.trim().split(/\s+/);
    if (fields[0] === '' || fields[0]!.startsWith('#')) return false;
    const [, kind = '', key = ''] = fields[0]!.startsWith('@') ? fields.slice(1) : fields;
    return !isKey(kind, key);
  });
  return index < 0 ? undefined : index + 1;
}

/** RFC 4253, section 6.6: strings with their lengths before them, of which the first is the kind. */
function isKey(kind: string, key: string): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(key)) return false;
  const bytes = Buffer.from(key, 'base64');
  let end = 0;
  while (end + 4 <= bytes.length) end += 4 + bytes.readUInt32BE(end);
  return end === bytes.length && bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString() === kind;
}

function matches(names: string, name: string): boolean {
  const [, salt, hash] = /^\|1\|([^|]+)\|(.+)$/.exec(names) ?? [];
  if (salt && hash) {
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
  }
  const patterns = names.toLowerCase().split(',');
  const fits = (pattern: string) => glob(pattern).test(name);
  return !patterns.some((one) => one.startsWith('!') && fits(one.slice(1))) && patterns.some(fits);
}

const glob = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
