import {
  type AuthEntry,
  identified,
  nativePassword,
  onlyNew,
  parseAuth,
  UnfinishedRotation,
  withNew,
} from '../../../../operations/provision/auth';

const a = nativePassword('password A');
const b = nativePassword('password B');
const c = nativePassword('password C');
const socket: AuthEntry = { plugin: 'unix_socket', authentication: '' };

test('hashes a password as MariaDB does', () => {
  // SELECT PASSWORD('old root') and an account's authentication_string, MariaDB 10.11.
  expect(nativePassword('oldroot').authentication).toBe('*57577EC1A3CE91CD0C1A086575189D239584CD1F');
  expect(nativePassword("old'pw").authentication).toBe('*6E9CD27FB2D628BCE9F4CCD01F01AE7A70124404');
});

describe('mysql.global_priv', () => {
  test('with one way to log in', () => {
    const priv = `{"access":0,"plugin":"mysql_native_password","authentication_string":"${a.authentication}"}`;
    expect(parseAuth(priv)).toEqual([a]);
  });

  test('with alternatives keeps their order, and {} is the place of the one at the top', () => {
    const priv = `{"access":0,"plugin":"mysql_native_password","authentication_string":"${a.authentication}",
      "auth_or":[{"plugin":"unix_socket"},{},{"plugin":"mysql_native_password","authentication_string":"${b.authentication}"}]}`;
    expect(parseAuth(priv)).toEqual([socket, a, b]);
  });

  test('of an account without a password has an empty one', () => {
    expect(parseAuth('{"access":0}')).toEqual([{ plugin: 'mysql_native_password', authentication: '' }]);
  });
});

describe('the new password', () => {
  test('comes first, and the one in force stays', () => {
    expect(withNew([a], b)).toEqual([b, a]);
  });

  test('changes nothing when it is accepted already, wherever it stands', () => {
    expect(withNew([b, a], b)).toEqual([b, a]);
    expect(withNew([b, a], a)).toEqual([b, a]);
  });

  test('is refused as a third, which PyMySQL could not use', () => {
    expect(() => withNew([b, a], c)).toThrow(UnfinishedRotation);
  });

  test('may stand beside one password and the socket', () => {
    expect(withNew([socket, a], b)).toEqual([b, socket, a]);
  });

  test('drops the others only when it is accepted', () => {
    expect(onlyNew([a, b], b)).toEqual([b]);
    expect(() => onlyNew([a], b)).toThrow(/not accepted yet, nothing was changed/);
    expect(() => onlyNew([], b)).toThrow(/not accepted yet/);
  });
});

test('SQL quotes what an older stack may have stored', () => {
  const odd: AuthEntry = { plugin: 'pam', authentication: "it's" };
  expect(identified([a, socket, odd])).toBe(
    `IDENTIFIED VIA \`mysql_native_password\` USING '${a.authentication}' OR \`unix_socket\` OR \`pam\` USING 'it''s'`,
  );
});
