import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readKnownHosts, requireHost } from '../../../../../add-ons/github/ssh/known-hosts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';

test('takes lines as known_hosts has them, and mends their ends', () => {
  const text = `# my server\r\n203.0.113.10 ${KEY}\r\n\r\n|1|c2FsdA==|aGFzaA== ${KEY} comment\n@cert-authority *.example.com ${KEY}`;
  expect(readKnownHosts(text)).toBe(
    `203.0.113.10 ${KEY}\n|1|c2FsdA==|aGFzaA== ${KEY} comment\n@cert-authority *.example.com ${KEY}\n`,
  );
});

test.each([
  ['', 'is absent or empty'],
  ['# only a comment', 'is absent or empty'],
  ['203.0.113.10', 'has a line (number 1 that is no comment) that is not "host type key"'],
  [`203.0.113.10 ${KEY}\n${KEY}`, 'has a line (number 2 that is no comment)'],
  [
    '256 SHA256:q3m0yDgDxWnFCiLGSEGwRZTjgOfc5EyoPPfvzrPAPZw host (ED25519)',
    'has a fingerprint where a key belongs',
  ],
])('refuses %j, with how to get it', (text, words) => {
  expect(() => readKnownHosts(text)).toThrow(words);
  expect(() => readKnownHosts(text)).toThrow(
    /\n {2}on a machine that connects to the server already: `ssh-keygen -F HOST`/,
  );
});

describe('of the server', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'known-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const has = async (lines: string, host: string, port = '22', hash = false) => {
    const file = join(folder, 'known_hosts');
    writeFileSync(file, `${lines} ${KEY}\n`);
    if (hash) execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
    return requireHost(file, host, port).then(
      () => 'found',
      (error: Error) => error.message,
    );
  };

  test.each<[string, string, string, boolean]>([
    ['203.0.113.10', '203.0.113.10', '22', false],
    ['[203.0.113.10]:2222', '203.0.113.10', '2222', false],
    ['vps.example.com,203.0.113.10', '203.0.113.10', '22', false],
    ['*.example.com', 'vps.example.com', '22', false],
    ['203.0.113.10', '203.0.113.10', '22', true],
    ['[203.0.113.10]:2222', '203.0.113.10', '2222', true],
  ])('%s is known as ssh knows it', async (lines, host, port, hash) => {
    expect(await has(lines, host, port, hash)).toBe('found');
  });

  test.each<[string, string, string]>([
    ['203.0.113.99', '203.0.113.10', '22'],
    ['203.0.113.10', '203.0.113.10', '2222'],
    ['[203.0.113.10]:2222', '203.0.113.10', '22'],
  ])('%s is of another', async (lines, host, port) => {
    const message = await has(lines, host, port);
    expect(message).toContain('the secret VPS_KNOWN_HOSTS has no key of VPS_HOST');
    expect(message).toContain('but of another host');
    // Names of servers are nobody's business either.
    expect(message).not.toContain('203.0.113');
  });
});
