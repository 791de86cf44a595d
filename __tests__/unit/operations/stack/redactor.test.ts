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
