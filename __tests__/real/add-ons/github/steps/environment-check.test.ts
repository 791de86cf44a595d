import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SECRETS } from '../../../../../add-ons/github/runner/secrets';
import { judgeEnvironment, judgeServer } from '../../../../../add-ons/github/steps/environment-check';
import { secretsFor } from '../../../../../constructs/catalogue/backup';
import type { BackupTarget } from '../../../../../constructs/catalogue/spec/backup';

const KNOWN = '203.0.113.10 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
const LOGIN_KEY = ['-----BEGIN OPENSSH PRIVATE KEY-----', 'b3Bl', '-----END OPENSSH PRIVATE KEY-----'].join(
  '\n',
);
let good: Record<string, string>;
beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'key-'));
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')]);
  good = {
    VPS_HOST: '203.0.113.10',
    VPS_USER: 'deploy',
    VPS_KNOWN_HOSTS: KNOWN,
    VPS_SSH_KEY: readFileSync(join(folder, 'key'), 'utf8'),
    TF_VAR_db_password: 'correct horse battery',
    TF_VAR_jwt_secret_key: 'x'.repeat(32),
    TF_VAR_smtp_host: 'mail.example.com',
    TF_VAR_smtp_port: '587',
    AWS_ACCESS_KEY_ID: 'AKIA',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SSE_CUSTOMER_KEY: Buffer.alloc(32, 7).toString('base64'),
  };
  rmSync(folder, { recursive: true });
});

const judge = (change: Record<string, string | undefined> = {}) =>
  judgeEnvironment({ ...good, ...change }, 'production').map(({ what }) => what);

test('a complete environment is fine, with what is optional empty as GitHub passes it', () => {
  const empty = Object.fromEntries(SECRETS.map(({ variable }) => [variable, '']));
  expect(judgeEnvironment({ ...empty, ...good }, 'production')).toEqual([]);
  expect(judge()).toEqual([]);
});

test.each([
  'VPS_HOST',
  'VPS_USER',
  'VPS_SSH_KEY',
  'VPS_KNOWN_HOSTS',
  'DB_PASSWORD',
  'JWT_SECRET_KEY',
  'SMTP_HOST',
  'SMTP_PORT',
])('%s is missed by its name in GitHub, absent or empty, with how to get and set it', (name) => {
  const { variable, get } = SECRETS.find((one) => one.name === name)!;
  for (const value of ['', undefined]) {
    const faults = judgeEnvironment({ ...good, [variable]: value }, 'staging');
    expect(faults.map(({ what }) => what)).toEqual([`the secret ${name} is absent or empty`]);
    expect(faults[0]!.remedy).toBe(`${get}. Set it: gh secret set ${name} --env staging`);
    expect(faults[0]!.subject).toBe(name);
  }
});

test('everything is told at once', () => {
  expect(judge({ VPS_HOST: '', TF_VAR_smtp_port: 'x', VPS_SSH_KEY: 'y', PG_CONN_STR: 'z' })).toEqual([
    'the secret VPS_HOST is absent or empty',
    'the secret VPS_SSH_KEY is not a private key',
    'the secret SMTP_PORT is not a port, a number from 1 to 65535',
    'the secret PG_CONN_STR is not a postgres:// address',
  ]);
});

test.each([
  ['VPS_PORT', 'twenty-two', 'VPS_PORT is not a port'],
  ['VPS_PORT', '22; rm -rf /', 'VPS_PORT is not a port'],
  ['VPS_PORT', '0', 'VPS_PORT is not a port'],
  ['VPS_PORT', '65536', 'VPS_PORT is not a port'],
  ['VPS_PORT', '22\n', 'VPS_PORT is not a port'],
  ['VPS_HOST', 'ssh://203.0.113.10', 'VPS_HOST is not a host name or an address'],
  ['VPS_HOST', 'deploy@203.0.113.10', 'VPS_HOST is not a host name or an address'],
  ['VPS_HOST', '-oProxyCommand=id', 'VPS_HOST is not a host name or an address'],
  ['VPS_HOST', '203.0.113.10\n', 'VPS_HOST has a line break'],
  ['VPS_USER', 'de ploy', 'VPS_USER is not a user name'],
  ['VPS_USER', '-l', 'VPS_USER is not a user name'],
  ['TF_VAR_db_password', 'short', 'DB_PASSWORD has 5 characters, 16 are needed'],
  ['TF_VAR_db_password', 'sixteen characters\r\n', 'DB_PASSWORD has a line break'],
  ['TF_VAR_db_password', 'pässwörd of any length', 'DB_PASSWORD has a character that is not printable ASCII'],
  ['TF_VAR_jwt_secret_key', 'x'.repeat(31), 'JWT_SECRET_KEY has 31 characters, 32 are needed'],
  ['AWS_SSE_CUSTOMER_KEY', 'c2hvcnQ=', 'AWS_SSE_CUSTOMER_KEY is not a key of 32 bytes in base64'],
  ['TF_VAR_backup_sftp_key', 'ssh-ed25519 AAAA me', 'BACKUP_SFTP_KEY is not a whole private key'],
  [
    'TF_VAR_backup_sftp_key',
    `${LOGIN_KEY}\n`,
    'BACKUP_SFTP_KEY has a carriage return, or a line break at its end',
  ],
  ['AWS_ACCESS_KEY_ID', ' AKIA', 'AWS_ACCESS_KEY_ID begins or ends with a space'],
])('%s = %j is told without its value', (variable, value, words) => {
  const faults = judgeEnvironment({ ...good, [variable]: value }, 'production');
  expect(faults).toHaveLength(1);
  expect(faults[0]!.what).toContain(`the secret ${words}`);
  if (value.trim().length > 4) expect(faults[0]!.message).not.toContain(value.trim());
});

describe('the state', () => {
  const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SSE_CUSTOMER_KEY: '' };

  test('needs one kind of credentials', () => {
    expect(judge(none)).toEqual([expect.stringContaining('there are no credentials for the state')]);
    expect(judge({ ...none, PG_CONN_STR: 'postgres://u:p@db/state?sslmode=require' })).toEqual([]);
  });

  test('needs that kind whole', () => {
    expect(judge({ AWS_SSE_CUSTOMER_KEY: '' })).toEqual([
      'the secret AWS_SSE_CUSTOMER_KEY is absent or empty',
    ]);
  });
});

test.each([
  [{ TF_VAR_registry_username: 'bot' }, 'REGISTRY_PASSWORD'],
  [{ TF_VAR_registry_password: 'token' }, 'REGISTRY_USERNAME'],
  [{ TF_VAR_tls_certificate: '-----BEGIN CERTIFICATE-----' }, 'TLS_PRIVATE_KEY'],
  [{ TF_VAR_backup_access_key_id: 'AKIA' }, 'BACKUP_SECRET_ACCESS_KEY'],
])('what goes in pairs is not half: %j', (half, other) => {
  expect(judge(half)).toEqual([`the secret ${other} is absent or empty`]);
});

test('the key of a login has its lines', () => {
  expect(judge({ TF_VAR_backup_sftp_key: LOGIN_KEY })).toEqual([]);
});

test.each(['s3', 'sftp', 'volume'] as const)('what backups ask for is among them: %s', (kind) => {
  const target = { kind, endpoint: 'https://s3.example.com', bucket: 'acme', volume: 'backups' } as const;
  const variables = SECRETS.map(({ variable }) => variable);
  expect(variables).toEqual(
    expect.arrayContaining(secretsFor(target as BackupTarget).map((name) => `TF_VAR_${name}`)),
  );
});

test.each(['TF_LOG', 'TF_LOG_PROVIDER', 'TF_LOG_CORE'])(
  '%s is refused: such a log prints passwords',
  (name) => {
    expect(judge({ [name]: 'DEBUG' })).toEqual([`${name} is set, and such a log prints passwords`]);
    expect(judge({ [name]: '' })).toEqual([]);
  },
);

test('a fork or Dependabot, who get no secret at all, read why', () => {
  const empty = Object.fromEntries(SECRETS.map(({ variable }) => [variable, '']));
  const [fault, ...rest] = judgeEnvironment({ ...empty, GITHUB_EVENT_NAME: 'pull_request' }, 'plan');
  expect(rest).toEqual([]);
  expect(fault!.message).toBe(
    'there is not one secret in the environment "plan"\n  GitHub gives none to pull requests of forks and of Dependabot; a maintainer can push the branch to this repository. Otherwise set them there, or leave it: code that nobody has read sees none (docs/github.md)',
  );
  expect(judgeEnvironment(empty, 'production')[0]!.remedy).toContain('docs/github.md lists them');
});

test('an emergency asks for the way to the server and nothing else', () => {
  const { VPS_HOST, VPS_USER, VPS_SSH_KEY, VPS_KNOWN_HOSTS } = good;
  const server = { VPS_HOST, VPS_USER, VPS_SSH_KEY, VPS_KNOWN_HOSTS, VPS_PORT: '' };
  expect(judgeServer(server, 'production')).toEqual([]);
  expect(
    judgeServer({ ...server, VPS_HOST: '', VPS_PORT: 'x' }, 'production').map(({ subject }) => subject),
  ).toEqual(['VPS_HOST', 'VPS_PORT']);
});
