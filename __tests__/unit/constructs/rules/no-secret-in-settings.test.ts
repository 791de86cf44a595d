import { noSecretInSettings } from '../../../../constructs/rules/no-secret-in-settings';
import { Healthcheck } from '../../../../constructs/swarm';
import { findings } from '../../../support/platform/rules';

const inArgs = (...args: string[]) => findings(noSecretInSettings, { args });

test.each([
  'LOG_LEVEL=debug',
  'JWT_ALGORITHM=HS256',
  'DB_PASSWORD=',
  'PASSWORD_MIN_LENGTH=12',
  'ACCESS_TOKEN_EXPIRE_MINUTES=30',
  'PASSWORD_LOGIN=true',
  'PASSWORD_LOGIN=False',
  'SECRET_ROTATION=yes',
  'TOKEN_LOGIN=no',
  'MARIADB_ROOT_PASSWORD_HASH=invalid',
  'USER_SERVICE_URL=http://userservice:8000',
  'CALLBACK=https://example.com/a:b@c',
  '--drain=6',
  'uvicorn',
  '--access-token-file=/run/secrets/x',
])('accepts %s', (entry) => expect(inArgs(entry)).toEqual([]));

test('accepts a URL whose password is filled in inside the container', () => {
  expect(inArgs('--url', 'DATABASE_URL=mysql+pymysql://acme:{db_password}@mariadb:3306/users')).toEqual([]);
});

test.each([
  'DB_PASSWORD',
  'SMTP_PASSWD',
  'JWT_SECRET_KEY',
  'API_TOKEN',
  'STRIPE_API_KEY',
  'APIKEY',
  'PRIVATE_KEY',
  'AWS_CREDENTIALS',
])('refuses the setting %s, and never repeats its value', (name) => {
  const found = inArgs(`${name}=hunter2`);
  expect(found).toEqual([
    `web the setting ${name} looks like a secret\ndeclare a secret in the catalogue and write secrets: { ${name}: '<its name>' }`,
  ]);
});

test.each([
  'DATABASE_URL=mysql://acme:hunter2@mariadb:3306/users',
  'BROKER=amqp://guest:hunter2@rabbit//',
  'REDIS=redis://:hunter2@redis:6379/0',
  'LONG=see https://a.example and postgres://u:hunter2@db/x',
])('refuses the password in %s', (entry) => {
  const found = inArgs('KEY=value', entry);
  expect(found).toEqual([
    expect.stringContaining(`the setting ${entry.split('=', 1)} has a password in its URL`),
  ]);
  expect(found.join()).not.toContain('hunter2');
});

test('looks at the raw environment too', () => {
  expect(findings(noSecretInSettings, { environment: { DB_PASSWORD: 'hunter2' } })).toHaveLength(1);
  expect(findings(noSecretInSettings, { environment: { LANG: 'C' } })).toEqual([]);
});

test('an argument without a name that holds a password in a URL is refused without its text', () => {
  const found = inArgs('--', 'worker', 'redis://:hunter2@redis/0');
  expect(found).toHaveLength(1);
  expect(found.join()).not.toContain('hunter2');
});

test.each([
  ['a private key', '-----BEGIN EC PRIVATE KEY-----'],
  ["GitHub's", `ghp_${'a1B2'.repeat(9)}`],
  ["AWS's", `AKIA${'A1B2'.repeat(4)}`],
  ['a JSON Web Token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'],
])('knows %s by its looks, whatever the setting is called, and never repeats it', (_, value) => {
  const found = [...inArgs(`HARMLESS=${value}`), ...inArgs('--key', value)];
  expect(found).toEqual([
    expect.stringContaining('the setting HARMLESS looks like a secret'),
    expect.stringContaining('an argument looks like a secret'),
  ]);
  expect(found.join()).not.toContain(value);
});

test('looks at the command, the migration and the health check, too, and never repeats a value', () => {
  const migrate = (service: string) => ({ service, command: ['migrate', '--password=hunter2'] });
  const check = (line: string) => Healthcheck.shell(line);
  const found = [
    ...findings(noSecretInSettings, { command: ['web', '--token', 'hunter2'] }),
    ...findings(noSecretInSettings, {}, { migrations: [migrate('web'), migrate('other')] }),
    ...findings(noSecretInSettings, { healthcheck: check('curl -u admin:hunter2 http://127.0.0.1/') }),
    ...findings(noSecretInSettings, { healthcheck: check('curl http://admin:hunter2@127.0.0.1/') }),
  ];
  expect(found).toEqual([
    expect.stringMatching(
      /^web the setting token looks like a secret\ndeclare a secret in the catalogue and write /,
    ),
    expect.stringMatching(
      /^web the setting password of its migration looks like a secret\ndeclare a secret /,
    ),
    expect.stringMatching(
      /^web an argument of its health check looks like a secret\n.*"\$\(cat \/run\/secrets/,
    ),
    expect.stringMatching(/^web an argument of its health check has a password in its URL\n/),
  ]);
  expect(found.join()).not.toContain('hunter2');
});

test('a line for a shell may name what the shell fills in', () => {
  const healthcheck = Healthcheck.shell('curl -u "admin:$(cat /run/secrets/ADMIN)" http://127.0.0.1/');
  expect(findings(noSecretInSettings, { healthcheck })).toEqual([]);
});
