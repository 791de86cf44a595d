import { DERIVED_SECRETS, derivedValue } from '../../../../contract/derived-secret';
import { redactorOfEnvironment } from '../../../../operations/redact/environment';

const PASSWORD = 'pa ss/w"ö+rd@1234';
const hide = (env: Record<string, string>, text: string) => redactorOfEnvironment(env).hide(text);

test('hides what a program prints of the variables it was given, however it writes them', () => {
  const env = { TF_VAR_db_password: PASSWORD };
  expect(hide(env, `no route to mysql+aiomysql://u:${encodeURIComponent(PASSWORD)}@db/x`)).toBe(
    'no route to mysql+aiomysql://u:<TF_VAR_db_password>@db/x',
  );
});

test.each([
  ['that is short', 'TF_VAR_mode', 'production'],
  ['of a host', 'TF_VAR_smtp_host', 'smtp.example.com'],
  ['of a registry’s user', 'TF_VAR_registry_username', 'proctorwise-robot'],
  ['of a login that is words', 'TF_VAR_smtp_username', 'proctorwise-mailer'],
  ['of a sender', 'TF_VAR_smtp_from_email', 'exams@proctorwise.example'],
  ['that is no variable of Terraform', 'VPS_NAME', 'proctorwise.example.com'],
])('a value %s stays ordinary text', (_, name, value) => {
  expect(hide({ [name]: value }, `before ${value} after`)).toBe(`before ${value} after`);
});

test('a login that somebody else has made up is hidden', () => {
  expect(hide({ TF_VAR_smtp_username: 'AKIAIOSFODNN7EXAMPLE' }, 'x AKIAIOSFODNN7EXAMPLE')).toBe(
    'x <TF_VAR_smtp_username>',
  );
});

test.each([
  [
    'HCL',
    'key_provider "pbkdf2" "main" { passphrase = "correct-horse" }\nstate { method = method.aes_gcm.main }',
  ],
  [
    'JSON',
    '{"key_provider":{"pbkdf2":{"main":{"passphrase":"correct-horse"}}},"state":{"method":"method.aes_gcm.main"}}',
  ],
])('hides what TF_ENCRYPTION in %s encrypts with, and no names', (_, TF_ENCRYPTION) => {
  const text = 'method.aes_gcm.main of pbkdf2 takes correct-horse, and Y29ycmVjdC1ob3JzZQ==';
  expect(hide({ TF_ENCRYPTION }, text)).toBe(
    'method.aes_gcm.main of pbkdf2 takes <TF_ENCRYPTION>, and <TF_ENCRYPTION>',
  );
  expect(hide({ TF_ENCRYPTION }, `x ${TF_ENCRYPTION} y`)).toBe('x <TF_ENCRYPTION> y');
});

test('hides a passphrase with quotes in it, as it is and as it is written', () => {
  const TF_ENCRYPTION = 'key_provider "pbkdf2" "main" { passphrase = "a \\"long\\" phrase" }';
  expect(hide({ TF_ENCRYPTION }, 'a "long" phrase, a \\"long\\" phrase')).toBe(
    '<TF_ENCRYPTION>, <TF_ENCRYPTION>',
  );
});

test('hides what a deploy has told that is made from a value, also outside of a URL', () => {
  const derivation = 'shop/mariadb/web/account/';
  const env = {
    TF_VAR_db_password: PASSWORD,
    [DERIVED_SECRETS]: JSON.stringify([{ name: 'db_password_web', from: 'db_password', derivation }]),
  };
  const value = derivedValue(derivation, PASSWORD);
  expect(hide(env, `connect(user='shop_web', password='${value}')`)).toBe(
    "connect(user='shop_web', password='<db_password_web>')",
  );
  expect(hide(env, Buffer.from(value).toString('base64'))).toBe('<db_password_web>');
});

test('a variable of somebody else’s with that name keeps nothing from being hidden', () => {
  expect(hide({ TF_VAR_db_password: PASSWORD, [DERIVED_SECRETS]: 'yes' }, PASSWORD)).toBe(
    '<TF_VAR_db_password>',
  );
});
