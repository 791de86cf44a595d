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
