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
  ['that is no variable of Terraform', 'VPS_NAME', 'proctorwise.example.com'],
])('a value %s stays ordinary text', (_, name, value) => {
  expect(hide({ [name]: value }, `before ${value} after`)).toBe(`before ${value} after`);
});
