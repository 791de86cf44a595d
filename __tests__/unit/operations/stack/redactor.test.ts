import { derivedValue } from '../../../../contract/derived-secret';
import { redactorOf } from '../../../../operations/stack/redactor';

const found = (name: string, value: string) =>
  redactorOf({ secretVariables: [name] }, { [`TF_VAR_${name}`]: value }).found(`${value}_userservice`);

test.each([
  ['smtp_username', 'proctorwise'],
  ['smtp_username', 'apikey'],
  ['smtp_from_email', 'exams@proctorwise.example'],
  ['backup_access_key_id', 'proctorwise-backup'],
])('the login %s does not refuse a plan with its ordinary word %s', (name, value) => {
  expect(found(name, value)).toEqual([]);
});

test.each([
  ['smtp_username', 'AKIAIOSFODNN7EXAMPLE'],
  ['smtp_username', 'k4n4ri&user/+?=%'],
  ['smtp_password', 'proctorwise'],
  ['email_password', 'proctorwise'],
])('%s is found as %s', (name, value) => {
  expect(found(name, value)).toEqual([`TF_VAR_${name}`]);
});

test('what is made from a secret is found by its own name', () => {
  const derived = [{ name: 'db_password_web', from: 'db_password', derivation: 'shop/mariadb/web/account/' }];
  const redactor = redactorOf(
    { secretVariables: ['db_password'], derived },
    { TF_VAR_db_password: 'secret-1' },
  );
  expect(redactor.found(derivedValue('shop/mariadb/web/account/', 'secret-1'))).toEqual(['db_password_web']);
});
