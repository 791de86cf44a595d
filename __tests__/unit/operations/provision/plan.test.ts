import { wantedAccounts } from '../../../../operations/provision/account';
import { nativePassword } from '../../../../operations/provision/auth';
import { accountAuth, accountQuery, databaseSteps, grantStep } from '../../../../operations/provision/plan';
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
