import { Fault } from '../runner/fault';

const SUBJECT = 'VPS_SSH_KEY';
const HOW =
  "`ssh-keygen -t ed25519 -N '' -f vps`, then `gh secret set VPS_SSH_KEY < vps` (the file without .pub, as it is)";

/**
 * A private key as `ssh-add` takes it: line breaks of Windows, a byte order mark and blank lines around it removed, and
 * a line break at its end, without which OpenSSH does not read it.
 *
 * @throws {Fault} that says what it is instead, never with a part of it
 */
export function readPrivateKey(text: string): string {
  const key = text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .trim();
  const fault = faultOf(key);
  if (fault) throw new Fault(`the secret VPS_SSH_KEY ${fault.what}`, fault.remedy ?? HOW, SUBJECT);
  return `${key}\n`;
}

function faultOf(key: string): { what: string; remedy?: string } | undefined {
  if (key === '') return { what: 'is absent or empty' };
  if (/^PuTTY-User-Key-File/.test(key)) {
    return {
      what: "is a key in PuTTY's form",
      remedy: '`puttygen key.ppk -O private-openssh -o vps`, then `gh secret set VPS_SSH_KEY < vps`',
    };
  }
  if (/^(ssh-|ecdsa-|sk-)\S+ AAAA/.test(key) || /BEGIN (SSH2 )?PUBLIC KEY/.test(key)) {
    return { what: 'is the public half of a key', remedy: 'the secret is the other file, without .pub' };
  }
  const [first = '', ...rest] = key.split('\n');
  if (/^-----BEGIN .*PRIVATE KEY-----.+/.test(first)) {
    return {
      what: 'has lost its line breaks',
      remedy: 'set it from the file: `gh secret set VPS_SSH_KEY < vps`',
    };
  }
  const label = /^-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----$/.exec(first)?.[1];
  if (!label) return { what: 'is not a private key' };
  if (rest.at(-1) !== `-----END ${label}-----`) {
    return { what: 'is cut short', remedy: 'set it from the file: `gh secret set VPS_SSH_KEY < vps`' };
  }
  if (isEncrypted(label, rest.slice(0, -1))) {
    return {
      what: 'is encrypted with a passphrase, which nobody can type here',
      remedy: `make a key of its own for deploys: ${HOW}`,
    };
  }
  return undefined;
}

function isEncrypted(label: string, lines: readonly string[]): boolean {
  if (label.startsWith('ENCRYPTED') || lines.some((line) => /^Proc-Type: 4,ENCRYPTED/.test(line)))
    return true;
  if (label !== 'OPENSSH PRIVATE KEY') return false;
  // openssh-key-v1: a magic, then the length and the name of the cipher (OpenSSH, PROTOCOL.key).
  const bytes = Buffer.from(lines.join(''), 'base64');
  const magic = 'openssh-key-v1\0';
  if (bytes.toString('latin1', 0, magic.length) !== magic || bytes.length < magic.length + 8) return false;
  const length = bytes.readUInt32BE(magic.length);
  return bytes.toString('latin1', magic.length + 4, magic.length + 4 + length) !== 'none';
}
