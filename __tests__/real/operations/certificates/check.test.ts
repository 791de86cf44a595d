import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeKey, makePair } from '../../../support/programs/certificates';

const root = resolve(__dirname, '../../../..');
const folder = mkdtempSync(join(tmpdir(), 'check-'));
const program = join(folder, 'check-certificate.js');
const serverName = 'exam.test';
const pair = makePair({ names: `DNS:${serverName}` });

beforeAll(() => {
  const options = [
    '--bundle',
    '--platform=node',
    '--target=node20',
    '--log-level=error',
    `--outfile=${program}`,
  ];
  execFileSync(join(root, 'node_modules/.bin/esbuild'), ['operations/certificates/check.ts', ...options], {
    cwd: root,
  });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The step of a deploy, as Terraform runs it. */
const check = (certificate: string | undefined, privateKey: string | undefined) =>
  spawnSync(process.execPath, [program], {
    env: {
      PATH: process.env.PATH,
      CERTIFICATE_CHECK: JSON.stringify({ serverName }),
      ...(certificate === undefined ? {} : { TF_VAR_tls_certificate: certificate }),
      ...(privateKey === undefined ? {} : { TF_VAR_tls_private_key: privateKey }),
    },
    encoding: 'utf8',
  });

test('a pair that fits lets the deploy go on', () => {
  expect(check(pair.certificate, pair.privateKey)).toMatchObject({
    status: 0,
    stdout: `tls: the pair fits, and covers ${serverName}\n`,
    stderr: '',
  });
});

test.each<[string, string | undefined, string | undefined, RegExp]>([
  [
    'nothing at all',
    undefined,
    undefined,
    /TF_VAR_tls_certificate and TF_VAR_tls_private_key must be exported/,
  ],
  ['an empty key, as CI passes an unset one', pair.certificate, '', /must be exported/],
  ['a key of another pair', pair.certificate, makeKey(), /key does not belong to the certificate/],
  ['a pair for another name', ...both(makePair({ names: 'DNS:other.test' })), /not for exam\.test/],
  [
    'an encrypted key',
    pair.certificate,
    createPrivateKey(pair.privateKey)
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hidden' })
      .toString(),
    /key is encrypted/,
  ],
  [
    'DER',
    new X509Certificate(pair.certificate).raw.toString('utf8').replaceAll('\0', ''),
    pair.privateKey,
    /not PEM/,
  ],
])(
  '%s ends the deploy before a service changes, with the reason and without the key',
  (_, certificate, key, words) => {
    const { status, stdout, stderr } = check(certificate, key);
    expect(status).toBe(1);
    expect(stderr).toMatch(words);
    for (const line of `${key}`.split('\n').filter((text) => /^[\w+/=]{20,}$/.test(text))) {
      expect(stdout + stderr).not.toContain(line);
    }
  },
);

function both({ certificate, privateKey }: { certificate: string; privateKey: string }) {
  return [certificate, privateKey] as const;
}
