import { tmpdir } from 'node:os';
import { runSecretCommands } from '../../../../operations/inputs/sources';
import { environmentOfCommands } from '../../../../operations/stack/command-env';

const PASSWORD = 'correct horse battery';
const CONNECTION = 'postgres://state:hunter2hunter2@db/state';

/** What `env` prints when it is run as the command of a secret. */
async function printed(shell: Record<string, string>, stateInBucket = false) {
  const given = { PATH: process.env.PATH ?? '', HOME: '/root', ...shell };
  const secrets = ['db_password', 'smtp_password', 'tls_private_key'];
  const { TF_VAR_smtp_password } = await runSecretCommands({
    commands: { smtp_password: ['env'] },
    environment: environmentOfCommands(given, secrets, stateInBucket),
    shell: given,
    projectFolder: tmpdir(),
    say: () => {},
  });
  return TF_VAR_smtp_password!;
}

const namesIn = (env: string) =>
  env
    .split('\n')
    .map((line) => line.split('=')[0])
    .filter((name) => name !== 'PATH' && name !== 'HOME')
    .sort();

test('a command gets no other secret: neither by a name of ours, nor by a name of somebody else', async () => {
  const env = await printed({
    TF_VAR_db_password: PASSWORD,
    tf_var_jwt_secret_key: 'j'.repeat(32),
    TF_VAR_smtp_host: 'mail.example.com',
    DB_PASSWORD: PASSWORD,
    TLS_PRIVATE_KEY: 'a key',
    MYSQL_PWD: PASSWORD,
    DATABASE_URL: `mysql://u:${encodeURIComponent(PASSWORD)}@db/users`,
    BASIC: Buffer.from(`user:${PASSWORD}`).toString('base64'),
    PG_CONN_STR: CONNECTION,
    STATE_URL: CONNECTION,
    PGPASSWORD: 'hunter2hunter2',
    AWS_SSE_CUSTOMER_KEY: 'k'.repeat(43),
    VPS_SSH_KEY: '-----BEGIN OPENSSH PRIVATE KEY-----',
    OP_SERVICE_ACCOUNT_TOKEN: 'what its own store signs in with',
    MAIL: 'postmaster@mail.example.com',
  });
  expect(namesIn(env)).toEqual(['MAIL', 'OP_SERVICE_ACCOUNT_TOKEN']);
  expect(env).not.toContain('horse');
  expect(env).not.toContain('hunter2');
});

test('AWS keys are the store’s own, unless the state is in a bucket: then they read every secret', async () => {
  const keys = {
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 's'.repeat(40),
    AWS_PROFILE: 'vault',
  };
  expect(namesIn(await printed(keys))).toEqual(Object.keys(keys).sort());
  expect(namesIn(await printed(keys, true))).toEqual(['AWS_PROFILE']);
});

test('one that fails says what it ran without: by hand it may work', async () => {
  const shell = { PATH: process.env.PATH, AWS_SECRET_ACCESS_KEY: 's'.repeat(40), TF_VAR_b: 'b'.repeat(20) };
  const run = runSecretCommands({
    commands: { a: ['false'] },
    environment: environmentOfCommands(shell, [], true),
    shell,
    projectFolder: tmpdir(),
    say: () => {},
  });
  await expect(run).rejects.toThrow(
    /ended with 1\n {2}run it yourself.*\n {2}it ran without AWS_SECRET_ACCESS_KEY, which/,
  );
});
