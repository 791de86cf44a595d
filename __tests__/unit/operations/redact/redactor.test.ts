import { LeakError, Redactor } from '../../../../operations/redact/redactor';
import { code } from '../../../../operations/terminal/untrusted';

const VALUE = 'pa ss/w"ö+rd<&>%\\\'1';
const redactor = new Redactor({ TF_VAR_db_password: VALUE });
const base64 = (text: string) => Buffer.from(text).toString('base64');

test.each([
  ['as it is', VALUE],
  ['in JSON', JSON.stringify({ a: `x${VALUE}y` })],
  [
    'in JSON as Go writes it',
    JSON.stringify(VALUE).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026'),
  ],
  ['in base64', base64(VALUE)],
  ['in base64 after one letter', base64(`u${VALUE}`)],
  ['in base64 after two letters', base64(`u:${VALUE}`)],
  ['in base64 with more behind it', base64(`{"auth":"${VALUE}","x":1}`)],
  ['in base64 for URLs', Buffer.from(`::${VALUE}`).toString('base64url')],
  ['URL-encoded', `mysql://u:${encodeURIComponent(VALUE)}@db`],
  ['as a form sends it', `a=${encodeURIComponent(VALUE).replaceAll('%20', '+')}`],
  ['with everything but letters and digits encoded', 'pa%20ss%2Fw%22%C3%B6%2Brd%3C%26%3E%25%5C%271'],
])('finds a secret %s', (_, text) => {
  expect(() => redactor.check(`before ${text} after`, 'the comment')).toThrow(LeakError);
  expect(redactor.hide(`before ${text} after`)).not.toContain(text);
});

test('finds a secret that Markdown was made of', () => {
  expect(() => redactor.check(`| a | ${code(`b ${VALUE}`)} |`, 'the comment')).toThrow(LeakError);
  const key = code('-----BEGIN EC PRIVATE KEY-----');
  expect(() => redactor.check(key, 'the comment')).toThrow(/a private key/);
  expect(() => redactor.check('&#9999999; &#x41; &#;', 'the comment')).not.toThrow();
});

test('says which secret and where, never its value', () => {
  const leak = () => redactor.check(`x ${VALUE}`, 'the comment');
  expect(leak).toThrow(/^the comment would show TF_VAR_db_password, so nothing of it is shown\n/);
  try {
    leak();
  } catch (error) {
    expect(String(error)).not.toContain(VALUE);
  }
});

test('passes what holds none, and does not look for what is empty or in every text', () => {
  const careless = new Redactor({ a: '', b: 'no', c: undefined });
  expect(() => careless.check('nothing to see, no', 'it')).not.toThrow();
  expect(() => redactor.check(base64('something else'), 'it')).not.toThrow();
});

test('a value’s final newline does not hide it', () => {
  expect(() => new Redactor({ key: 'long-enough\n' }).check('a long-enough b', 'it')).toThrow(LeakError);
});

test('each of several keys in one value is a secret', () => {
  const keys = new Redactor({ TF_VAR_keys: 'the-first-of-the-keys, the-second-of-the-keys,de' });
  expect(() => keys.check('a the-second-of-the-keys b', 'it')).toThrow(/TF_VAR_keys/);
  expect(() => keys.check('de', 'it')).not.toThrow();
});

test('a private key is a leak, whoever it belongs to', () => {
  const begin = '-----BEGIN EC PRIVATE KEY-----';
  expect(() => redactor.check(`${begin}\nabc`, 'it')).toThrow(/a private key/);
  expect(redactor.hide(`a\n${begin}\nabc\n-----END EC PRIVATE KEY-----\nb`)).toBe('a\n<private key>\nb');
});

test('an error is told without what is secret in it', () => {
  expect(redactor.hide(`bad: ${VALUE} (${base64(VALUE)})`)).toMatch(
    /^bad: <TF_VAR_db_password> \(<TF_VAR_db_password>/,
  );
});

test('a line of a private key is one, a line of another text is not', () => {
  const line = 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg';
  const key = `-----BEGIN PRIVATE KEY-----\n${line}\n-----END PRIVATE KEY-----\n`;
  const redactor = new Redactor({ key, config: '[client]\nhost = mariadb.example\npassword = abc\n' });
  expect(redactor.found(`x ${line} y`)).toEqual(['key']);
  expect(redactor.found('connects to host = mariadb.example')).toEqual([]);
});
