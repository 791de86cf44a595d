import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPrivateKey } from '../../../../../add-ons/github/ssh/ssh-key';

let folder: string;
const made: Record<string, string> = {};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'key-'));
  const make = (name: string, ...args: string[]) => {
    execFileSync('ssh-keygen', ['-q', '-C', 'test', '-f', join(folder, name), ...args]);
    made[name] = readFileSync(join(folder, name), 'utf8');
  };
  make('ed25519', '-t', 'ed25519', '-N', '');
  make('ecdsa', '-t', 'ecdsa', '-N', '');
  make('pem', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', '');
  make('locked', '-t', 'ed25519', '-N', 'a passphrase');
  make('lockedPem', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', 'a passphrase');
  make('lockedPkcs8', '-t', 'rsa', '-b', '2048', '-m', 'PKCS8', '-N', 'a passphrase');
  made.public = readFileSync(join(folder, 'ed25519.pub'), 'utf8');
  made.publicPem = execFileSync('ssh-keygen', ['-e', '-m', 'PKCS8', '-f', join(folder, 'pem')], {
    encoding: 'utf8',
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each(['ed25519', 'ecdsa', 'pem'])('a whole key stays as it is: %s', (name) => {
  expect(readPrivateKey(made[name]!)).toBe(made[name]);
});

test.each<[string, (key: string) => string]>([
  ['line breaks of Windows', (key) => key.replaceAll('\n', '\r\n')],
  ['line breaks of an old Macintosh', (key) => key.replaceAll('\n', '\r')],
  ['no line break at its end', (key) => key.trimEnd()],
  ['blank lines around it', (key) => `\n\n${key}\n\n  \n`],
  ['a byte order mark', (key) => `\uFEFF${key}`],
])('is mended: %s', (_, spoil) => {
  expect(spoil(made.ed25519!)).not.toBe(made.ed25519);
  expect(readPrivateKey(spoil(made.ed25519!))).toBe(made.ed25519);
});

const faults: [string, () => string, string][] = [
  ['nothing', () => '', 'is absent or empty'],
  ['blanks', () => ' \r\n ', 'is absent or empty'],
  ['a word', () => 'hunter2', 'is not a private key'],
  [
    'a certificate',
    () => '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    'is not a private key',
  ],
  ['a public key', () => made.public!, 'is the public half of a key'],
  ['a public key in PEM', () => made.publicPem!, 'is the public half of a key'],
  ['PuTTY', () => 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n', "is a key in PuTTY's form"],
  ['a key without its last line', () => made.ed25519!.split('\n').slice(0, -2).join('\n'), 'is cut short'],
  ['a key on one line', () => made.ed25519!.replaceAll('\n', ' '), 'has lost its line breaks'],
  ['a key with \\n in it', () => made.ed25519!.replaceAll('\n', '\\n'), 'has lost its line breaks'],
  ['a passphrase, OpenSSH', () => made.locked!, 'is encrypted with a passphrase, which nobody can type here'],
  ['a passphrase, PEM', () => made.lockedPem!, 'is encrypted with a passphrase, which nobody can type here'],
  [
    'a passphrase, PKCS8',
    () => made.lockedPkcs8!,
    'is encrypted with a passphrase, which nobody can type here',
  ],
];

test.each(faults)('is refused in words: %s', (_, text, words) => {
  expect(() => readPrivateKey(text())).toThrow(`the secret VPS_SSH_KEY ${words}`);
});

test.each(faults)('shows nothing of what it was: %s', (_, text) => {
  let message = '';
  try {
    readPrivateKey(text());
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toMatch(/^.+\n {2}.+$/);
  for (const line of text()
    .split(/[\r\n ]+/)
    .filter((one) => one.length > 12 && !/PRIVATE|BEGIN|CERTIFICATE|PuTTY/.test(one))) {
    expect(message).not.toContain(line);
  }
});
