import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostKeyOf, readKnownHosts } from '../../../../constructs/host';
import { strangeLineOf } from '../../../../constructs/host/known-hosts';
import { wire } from '../../../support/platform/host-key';

const ED = 'ssh-ed25519 AAAAed';
const EC = 'ecdsa-sha2-nistp256 AAAAec';
const hashed = (name: string, salt = 'c2FsdHNhbHRzYWx0c2FsdHM=') =>
  `|1|${salt}|${createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64')}`;

test.each<[string, string, string, number]>([
  ['a name', `vps.example.com ${ED}`, 'vps.example.com', 22],
  ['a name in another case', `VPS.example.com ${ED}`, 'vps.Example.com', 22],
  ['one of several names', `vps,203.0.113.10 ${ED} root@vps`, '203.0.113.10', 22],
  ['a port', `[203.0.113.10]:2222 ${ED}`, '203.0.113.10', 2222],
  ['an IPv6 address', `2001:db8::1 ${ED}`, '2001:db8::1', 22],
  ['a pattern', `*.example.com ${ED}`, 'a.b.example.com', 22],
  ['a hashed name', `${hashed('203.0.113.10')} ${ED}`, '203.0.113.10', 22],
  ['a hashed name with a port', `${hashed('[vps]:2222')} ${ED}`, 'vps', 2222],
  ['lines with CRLF, comments and blanks', `# mine\r\n\r\n  vps ${ED}\r\n`, 'vps', 22],
])('a key is found by %s', (_, lines, host, port) => {
  expect(hostKeyOf(lines, host, port)).toBe(ED);
});

test.each<[string, string]>([
  ['nothing', ''],
  ['another name', `other ${ED}`],
  ['another port', `[vps]:2222 ${ED}`],
  ['a longer name', `vps.example.com ${ED}`],
  ['a hash of another name', `${hashed('other')} ${ED}`],
  ['a name that is taken out', `*,!vps ${ED}`],
  ['a dot that is no pattern', `v.s ${ED}`],
  ['half a line', 'vps ssh-ed25519'],
  ['a certificate authority', `@cert-authority vps ${ED}`],
  ['a key that is revoked', `vps ${ED}\n@revoked * ${ED}`],
])('no key is found in %s', (_, lines) => {
  expect(hostKeyOf(lines, 'vps', 22)).toBeUndefined();
});

test('of several keys it is the one that a server keeps longest', () => {
  expect(hostKeyOf(`vps ssh-rsa AAAArsa\nvps ${EC}\nvps ${ED}`, 'vps', 22)).toBe(ED);
  expect(hostKeyOf(`vps ssh-rsa AAAArsa\nvps ${EC}`, 'vps', 22)).toBe(EC);
  expect(hostKeyOf('vps ssh-rsa AAAArsa', 'vps', 22)).toBe('ssh-rsa AAAArsa');
});

test('VPS_KNOWN_HOSTS comes before the file of the user, and neither is needed', () => {
  const home = mkdtempSync(join(tmpdir(), 'home-'));
  try {
    expect(readKnownHosts({ HOME: home })).toBe('');
    mkdirSync(join(home, '.ssh'));
    writeFileSync(join(home, '.ssh/known_hosts'), 'file');
    expect(readKnownHosts({ HOME: home })).toBe('file');
    expect(readKnownHosts({ HOME: home, VPS_KNOWN_HOSTS: 'variable' })).toBe('variable');
  } finally {
    rmSync(home, { recursive: true });
  }
});

const whole = `ssh-ed25519 ${wire('ssh-ed25519', 'k'.repeat(32))}`;
test.each<[string, string, number | undefined]>([
  ['nothing', '', undefined],
  [
    'whole keys, marks, comments and blanks',
    `# a\r\n\r\nvps ${whole} root@vps\r\n@revoked * ${whole}`,
    undefined,
  ],
  ['a key that was cut', `vps ${whole}\nvps ${whole.slice(0, -8)}`, 2],
  ['a key of another kind', `vps ${whole.replace('ed25519', 'rsa')}`, 1],
  ['a key without its host', whole, 1],
  ['what is no base64', 'vps ssh-ed25519 …', 1],
  ['half a line', `vps ${whole}\n\nvps`, 3],
])('the first line that is no key is found in %s', (_, lines, line) => {
  expect(strangeLineOf(lines)).toBe(line);
});
