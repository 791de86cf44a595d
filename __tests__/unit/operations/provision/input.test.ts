import { createHash } from 'node:crypto';
import { parseSettings, readPassword } from '../../../../operations/provision/input';
import { settingsFor } from './fixtures';

const settings = settingsFor('a password of some length');
const parse = (change: object) => () => parseSettings(JSON.stringify({ ...settings, ...change }));

describe('PROVISION', () => {
  test('is taken as it is, and the argument wins over its phase', () => {
    const json = JSON.stringify({ ...settings, phase: 'prepare' });
    expect(parseSettings(json)).toEqual({ ...settings, phase: 'prepare' });
    expect(parseSettings(json, 'finish').phase).toBe('finish');
  });

  test.each([
    ['a missing phase', {}, /the phase is missing/],
    ['another phase', { phase: 'begin' }, /the phase is "begin"/],
    ['a missing service', { phase: 'finish', service: undefined }, /service is missing/],
    [
      'a user that needs quoting',
      { phase: 'finish', user: "o'brien" },
      /user is "o'brien", which is not usable/,
    ],
    [
      'a database that needs quoting',
      { phase: 'finish', databases: [{ name: 'a`b' }] },
      /databases\[0\]\.name/,
    ],
    ['databases that are no list', { phase: 'finish', databases: 'users' }, /databases is "users"/],
    ['SQL in the collation', { phase: 'finish', collation: 'x; DROP' }, /collation is/],
    ['a deadline in words', { phase: 'finish', deadlineSeconds: 'long' }, /deadlineSeconds is/],
    [
      'a full hash',
      { phase: 'finish', password: { ...settings.password, hash: 'f'.repeat(64) } },
      /password\.hash/,
    ],
  ])('is refused with %s', (_name, change, message) => {
    expect(parse(change)).toThrow(message);
    expect(parse(change)).toThrow(/usage: PROVISION=/);
  });

  test.each([
    [undefined, /PROVISION is not set/],
    ['{', /not a JSON object/],
    ['3', /not a JSON object/],
  ])('%s is refused with the usage', (json, message) => {
    expect(() => parseSettings(json)).toThrow(message);
  });
});

describe('the password', () => {
  const read = (value: string | undefined, hashOf = value ?? '') => {
    const hash = createHash('sha256').update(`proctorwise/db_password/${hashOf}`).digest('hex').slice(0, 10);
    const env = value === undefined ? {} : { TF_VAR_db_password: value };
    return () => readPassword({ ...settings.password, hash }, env);
  };

  test('comes from the environment, any printable ASCII', () => {
    const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');
    expect(read(printable)()).toBe(printable);
  });

  test('is missed with a word on -var and *.tfvars', () => {
    expect(read(undefined)).toThrow(
      /TF_VAR_db_password is not in the environment\n.*-var or from a \*\.tfvars/,
    );
  });

  test('is refused when it is another than the one planned, and is not printed', () => {
    expect(read('secret one', 'secret two')).toThrow(/not the password that this deploy was planned with/);
    expect(read('secret one', 'secret two')).not.toThrow(/secret one/);
  });

  test.each([
    ['empty', '', /is empty/],
    ['with a line break', 'a password\n', /not printable ASCII/],
    ['with an accent, which PyMySQL sends as latin-1', 'passé composé', /not printable ASCII/],
  ])('%s is refused', (_name, value, message) => {
    expect(read(value)).toThrow(message);
  });
});
