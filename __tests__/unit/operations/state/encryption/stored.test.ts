import { Redactor } from '../../../../../operations/redact/redactor';
import { judgeStored, readStored } from '../../../../../operations/state/encryption/stored';

/** As OpenTofu 1.12 writes it. */
const encrypted = (content: string, more: object = {}) =>
  JSON.stringify({
    serial: 7,
    lineage: '8954b8c3',
    meta: { 'key_provider.pbkdf2.main': 'eyJzYWx0Ijoi' },
    encrypted_data: Buffer.from(content).toString('base64'),
    encryption_version: 'v0',
    ...more,
  });
const CIPHER = encrypted('\u0001\u0002 no words');
const CLEAR = JSON.stringify({ version: 4, serial: 3, resources: [{ secret: 'hunter2-hunter2' }] });

test.each([
  [CIPHER, { as: 'cipher', serial: 7 }],
  [CLEAR, { as: 'clear', serial: 3 }],
  // Encoded is not encrypted.
  [encrypted(CLEAR), { as: 'clear', serial: 7 }],
  [encrypted('\u0001', { resources: [] }), { as: 'clear', serial: 7 }],
  ['{}', { as: 'nonsense' }],
  ['[]', { as: 'nonsense' }],
  ['"x"', { as: 'nonsense' }],
  ['{"serial', { as: 'nonsense' }],
])('%j is told apart', (text, stored) => {
  expect(readStored(text)).toEqual(stored);
});

describe('what is said', () => {
  const judge = (text: string, isSet: boolean, secrets = new Redactor()) =>
    judgeStored(text, isSet ? 'TF_ENCRYPTION' : undefined, secrets);

  test.each<[string, string, boolean, string | undefined, RegExp]>([
    ['cipher text, and its key', CIPHER, true, 'ok', /what is stored is cipher text \(serial 7\)/],
    ['cipher text without its key', CIPHER, false, 'failure', /TF_ENCRYPTION is not set here/],
    [
      'clear text, though there is a key',
      CLEAR,
      true,
      'warning',
      /in clear \(serial 3\), though TF_ENCRYPTION/,
    ],
  ])('of %s', (_, text, isSet, level, words) => {
    expect(judge(text, isSet)).toMatchObject({ level, text: expect.stringMatching(words) });
    expect(JSON.stringify(judge(text, isSet))).not.toContain('hunter2');
  });

  test('of clear text without a key is nothing new', () => {
    expect(judge(CLEAR, false)).toBeUndefined();
    expect(judge('nonsense', true)).toBeUndefined();
  });

  test('of a secret that is in it all the same', () => {
    const secrets = new Redactor({ TF_VAR_db_password: 'hunter2-hunter2' });
    expect(judge(encrypted('... hunter2-hunter2 ...'), true, secrets)).toMatchObject({
      level: 'failure',
      text: expect.stringContaining('holds TF_VAR_db_password in clear'),
    });
  });
});
