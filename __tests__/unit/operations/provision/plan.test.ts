import { wantedAccounts } from '../../../../operations/provision/account';
import { nativePassword } from '../../../../operations/provision/auth';
import {
  accountAuth,
  accountQuery,
  connectionsInForce,
  connectionsStep,
  databaseSteps,
  grantStep,
} from '../../../../operations/provision/plan';
import { settingsFor } from './fixtures';

const settings = settingsFor('a password of some length');
const auth = nativePassword('x');
const priv = Buffer.from(
  JSON.stringify({ plugin: auth.plugin, authentication_string: auth.authentication }),
).toString('hex');

test('only missing databases are created', () => {
  const steps = databaseSteps(settings, ['mysql', 'proctorwise_users']);
  expect(steps).toEqual([
    {
      sql: 'CREATE DATABASE IF NOT EXISTS `proctorwise_exams` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;\n',
      done: 'database proctorwise_exams: created (utf8mb4, utf8mb4_unicode_ci)',
    },
  ]);
});

test('an underscore in a granted database is no wildcard', () => {
  const [shared] = wantedAccounts(settings, 'a password of some length');
  expect(grantStep(shared!).sql).toContain("ON `proctorwise\\_users`.* TO 'proctorwise'@'%'");
});

describe('connections', () => {
  const rows = (priv: object) => [['%', Buffer.from(JSON.stringify(priv)).toString('hex')]];
  const account = {
    ...wantedAccounts(settings, 'a password of some length')[0]!,
    rights: [],
    maxConnections: 45,
  };
  const to = (bound: number) => `ALTER USER 'proctorwise'@'%' WITH MAX_USER_CONNECTIONS ${bound};\n`;

  test.each([
    ['a new account', undefined, to(45)],
    ['fewer', 30, to(45)],
    ['as many', 45, ''],
    ['more', 60, ''],
    ['no bound', Number.POSITIVE_INFINITY, ''],
  ])('are raised at once, and not lowered: %s', (_, inForce, sql) => {
    expect(grantStep(account, inForce).sql).toBe(sql);
  });

  test('are exact in the end', () => {
    expect(connectionsStep(account, 60)?.sql).toBe(to(45));
    expect(connectionsStep(account, Number.POSITIVE_INFINITY)?.sql).toBe(to(45));
    expect(connectionsStep(account, 45)).toBeUndefined();
    expect(connectionsStep(wantedAccounts(settings, 'a password of some length')[0]!, 60)).toBeUndefined();
  });

  test('are read from where MariaDB keeps them', () => {
    expect(connectionsInForce(rows({ max_user_connections: 60 }))).toBe(60);
    expect(connectionsInForce(rows({ max_user_connections: 0 }))).toBe(Number.POSITIVE_INFINITY);
    expect(connectionsInForce(rows({}))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the account', () => {
  test('is the one for any address; one for inside the container does not matter', () => {
    expect(
      accountAuth('proctorwise', [
        ['%', priv],
        ['localhost', priv],
      ]),
    ).toEqual([auth]);
    expect(accountAuth('proctorwise', [['localhost', priv]])).toBeUndefined();
  });

  test('is refused when one for some addresses would be taken instead', () => {
    expect(() =>
      accountAuth('proctorwise', [
        ['%', priv],
        ['10.0.%', priv],
      ]),
    ).toThrow(/'proctorwise'@'10\.0\.%' exists, too[\s\S]*DROP USER 'proctorwise'@'10\.0\.%'/);
  });

  test('is asked for in a way that leaves roles out', () => {
    expect(accountQuery('proctorwise')).toContain("User = 'proctorwise' AND Host <> ''");
  });
});
