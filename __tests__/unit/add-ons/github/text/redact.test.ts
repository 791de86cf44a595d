import { redact } from '../../../../../add-ons/github/text/redact';

const PASSWORD = 'p/ss w+rd&"quoted"';
const KEY = `-----BEGIN OPENSSH PRIVATE KEY-----\n${'Ab3/'.repeat(17)}\n${'xY9+'.repeat(9)}\n-----END OPENSSH PRIVATE KEY-----\n`;
const env = {
  TF_VAR_db_password: PASSWORD,
  VPS_SSH_KEY: KEY,
  VPS_HOST: '203.0.113.10',
  VPS_USER: 'deploy',
  VPS_PORT: '22',
  TF_VAR_smtp_port: '587',
  TF_VAR_smtp_host: 'mail.example.com',
  AWS_ACCESS_KEY_ID: '',
};

test.each([
  ['as it is', PASSWORD],
  ['in base64', Buffer.from(PASSWORD).toString('base64')],
  ['URL-encoded', encodeURIComponent(PASSWORD)],
  ['as JSON writes it', JSON.stringify(PASSWORD)],
  ['inside of an address, in base64', Buffer.from(`mysql://u:${PASSWORD}@mariadb/x`).toString('base64')],
  ['one byte on, in base64', Buffer.from(`:${PASSWORD}!`).toString('base64')],
  ['two bytes on, in base64', Buffer.from(`=>${PASSWORD}`).toString('base64')],
])('finds a secret %s, and nothing of it stays', (_, form) => {
  const { text, found } = redact(`before ${form} after`, env);
  expect(found).toEqual(['DB_PASSWORD']);
  expect(text).toContain('<DB_PASSWORD>');
  expect(text).not.toContain(PASSWORD);
});

test('finds a single line of a key', () => {
  const { text, found } = redact(`x ${KEY.split('\n')[2]} y`, env);
  expect(found).toEqual(['VPS_SSH_KEY']);
  expect(text).toBe('x <VPS_SSH_KEY> y');
});

test('finds a private key that no secret of ours is', () => {
  const other = '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG\n-----END PRIVATE KEY-----';
  expect(redact(`x ${other} y`, env)).toEqual({ text: 'x <private key> y', found: ['a private key'] });
});

test('covers addresses quietly: they belong in a plan, but not before everybody', () => {
  expect(redact('ssh://deploy@203.0.113.10:22 mail.example.com:587', env)).toEqual({
    text: 'ssh://deploy@<VPS_HOST>:22 <SMTP_HOST>:587',
    found: [],
  });
});

test('leaves an innocent text as it is', () => {
  const text = 'deploy: userservice image a1b2 → c3d4, 22 tasks, -----BEGIN CERTIFICATE-----';
  expect(redact(text, env)).toEqual({ text, found: [] });
});

test('finds a secret that is written in HTML', () => {
  const html = [...PASSWORD]
    .map((one) => (/[A-Za-z0-9]/.test(one) ? one : `&#${one.codePointAt(0)};`))
    .join('');
  expect(html).not.toContain(PASSWORD);
  expect(redact(`<code>${html}</code>`, env).found).toEqual(['DB_PASSWORD']);
});

test.each([
  ['TF_VAR_smtp_username', 'proctorwise'],
  ['TF_VAR_smtp_username', 'apikey'],
  ['AWS_ACCESS_KEY_ID', 'proctorwise'],
  ['TF_VAR_backup_access_key_id', 'proctorwise-backup2'],
])('a login that is an ordinary word may stand in the name of a service: %s=%s', (variable, value) => {
  const text = `${value}_userservice rolls`;
  expect(redact(text, { [variable]: value })).toEqual({ text, found: [] });
});

test('covers who mails quietly', () => {
  const mail = { TF_VAR_smtp_username: 'robot@example.com', TF_VAR_smtp_from_email: 'exams@example.com' };
  expect(redact('robot@example.com, email = exams@example.com', mail)).toEqual({
    text: '<SMTP_USERNAME>, email = <SMTP_FROM_EMAIL>',
    found: [],
  });
  expect(redact('x AKIAIOSFODNN7EXAMPLE', { TF_VAR_smtp_username: 'AKIAIOSFODNN7EXAMPLE' })).toEqual({
    text: 'x <SMTP_USERNAME>',
    found: [],
  });
});

test('finds an access key that a provider has made up', () => {
  const key = 'AKIAIOSFODNN7EXAMPLE';
  expect(redact(`x ${key}`, { AWS_ACCESS_KEY_ID: key }).found).toEqual(['AWS_ACCESS_KEY_ID']);
});

test('the registry’s user may be the owner in every image’s name', () => {
  const text = 'users ghcr.io/proctorwise/users:1.0.0';
  expect(redact(text, { TF_VAR_registry_username: 'proctorwise' })).toEqual({ text, found: [] });
});
