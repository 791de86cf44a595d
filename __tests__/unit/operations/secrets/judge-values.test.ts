import { judgeGiven } from '../../../../operations/secrets/judge-values';
import { secret } from './secrets';

const KEY = 'k'.repeat(32);
const OTHER = 'o'.repeat(32);
const jwt = [
  secret('jwt', { minLength: 32, signsTokens: { acceptedKeys: 'accepted' } }),
  secret('accepted', { optional: true }),
];
const judge = (
  secrets = [secret('password', { asciiOnly: true })],
  shell: Record<string, string> = {},
  without: string[] = [],
) => judgeGiven(secrets, shell, without).map(({ level, text }) => `${level}: ${text}`);

test.each([
  ['fifteen bytes', 'geheim-geheim-1', /TF_VAR_password has 15 characters, fewer than 16/],
  ['a line break at the end', 'geheim-geheim-geheim\n', /TF_VAR_password has a line break at its end/],
  ['a Windows line end', 'geheim-geheim-geheim\r\n', /TF_VAR_password has a carriage return/],
  ['an accent', 'gehêim-geheim-geheim', /TF_VAR_password has characters that are not printable ASCII/],
])('%s: refused without being shown', (_, value, words) => {
  const findings = judgeGiven([secret('password', { asciiOnly: true })], { TF_VAR_password: value });
  expect(findings).toMatchObject([
    { check: 'secrets', level: 'failure', text: expect.stringMatching(words) },
  ]);
  expect(JSON.stringify(findings)).not.toMatch(/geh[eê]im/);
});

test('a good one, and one that is not given, is nothing to talk about', () => {
  expect(judge(undefined, { TF_VAR_password: 'geheim-geheim-geheim' })).toEqual([]);
  expect(judge(undefined, { TF_VAR_password: '' })).toEqual([]);
});

test('several lines inside a value are its own business', () => {
  expect(judge([secret('key')], { TF_VAR_key: '-----BEGIN KEY-----\nabc\n-----END KEY-----' })).toEqual([]);
});

describe('keys that are accepted beside a signing key', () => {
  const accepted = (list: string) => judge(jwt, { TF_VAR_jwt: KEY, TF_VAR_accepted: list });

  test('are others than the signing key', () => {
    expect(accepted(OTHER)).toEqual([]);
    expect(accepted(`${OTHER}, ${KEY}`)).toEqual([
      'failure: TF_VAR_accepted holds the key of TF_VAR_jwt itself',
    ]);
  });

  test('are as long as a signing key', () => {
    expect(accepted(`${OTHER},short-key`)).toEqual([
      'failure: TF_VAR_accepted has a key of fewer than 32 characters',
    ]);
    expect(accepted(`${OTHER},`)).toHaveLength(1);
  });
});

test('--without knows optional secrets alone', () => {
  expect(judge(jwt, { TF_VAR_jwt: KEY }, ['accepted'])).toEqual([]);
  expect(judge(jwt, { TF_VAR_jwt: KEY }, ['jwt'])).toEqual([
    'failure: --without jwt: there is no optional secret of this name',
  ]);
});

test.each(['TF_LOG', 'TF_LOG_PROVIDER', 'TF_LOG_CORE'])('%s would write secrets into logs', (name) => {
  expect(judge([], { [name]: 'debug' })).toEqual([
    `failure: ${name} is set: Terraform's logs would hold secrets`,
  ]);
  expect(judge([], { [name]: 'OFF' })).toEqual([]);
});

test.each([
  ['is refused where Terraform would ignore it', '', 1],
  ['is refused by any name of Terraform', '/opt/terraform-1.11', 1],
  ['is right for OpenTofu', '/opt/tofu', 0],
  ['is left to a program of another name', '/opt/tf', 0],
])('TF_ENCRYPTION %s', (_, TERRAFORM_BINARY_NAME, failures) => {
  const found = judge([], { TF_ENCRYPTION: 'state {}', TERRAFORM_BINARY_NAME });
  expect(found).toHaveLength(failures);
  if (failures) expect(found[0]).toMatch(/^failure: TF_ENCRYPTION is set, and Terraform ignores it/);
});
