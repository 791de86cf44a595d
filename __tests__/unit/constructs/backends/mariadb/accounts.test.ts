import { composeOf, mariadb, type PlatformSpec } from '../../../../../constructs';
import { readStack } from '../../../../../operations/stack/synthesized';
import { platform } from '../../../../../services.config';
import { catalogue } from '../../../../support/platform/catalogue';
import { Workplace } from '../../../../support/platform/platform';

const workplace = new Workplace();
afterAll(() => workplace.remove());

const withMariadb = (change: object): PlatformSpec => {
  const { mariadb: before, ...others } = catalogue.backends!;
  const spec = { ...before!.spec, ...change } as Parameters<typeof mariadb>[0];
  return { ...catalogue, backends: { mariadb: mariadb(spec), ...others } } as PlatformSpec;
};
const provisioned = (json: ReturnType<Workplace['synth']>['json']): string =>
  json.resource.null_resource.mariadb_prepare.provisioner[0]['local-exec'].environment.PROVISION;

test('without the word, and with the word for it, all share one account and the stack is the same', () => {
  const before = JSON.stringify(workplace.synth(catalogue).json);
  expect(JSON.stringify(workplace.synth(withMariadb({})).json)).toBe(before);
  expect(JSON.stringify(workplace.synth(withMariadb({ accounts: 'shared' })).json)).toBe(before);
  expect(before).not.toMatch(/account/);
});

test('per service, each task gets its own secret under the name of the shared one, and none gets that', () => {
  const { json } = workplace.synth(platform);
  for (const name of ['userservice', 'analyticsservice']) {
    const { args, secrets } = json.resource.docker_service[name].task_spec.container_spec;
    expect(args.join(' ')).toContain(
      `DATABASE_URL=mysql+pymysql://proctorwise_${name}:{db_password}@mariadb:3306/`,
    );
    expect(secrets[0]).toMatchObject({
      file_name: 'db_password',
      secret_name: `\${docker_secret.db_password_${name}[one(local.db_password_hashes)].name}`,
    });
  }
  expect(JSON.stringify(json.resource.docker_service)).not.toContain('docker_secret.db_password[');
  const settings = provisioned(json);
  expect(settings).toContain('"proctorwise_analyticsservice"');
  expect(settings).toMatch(/"derivation" = "proctorwise\/mariadb\/userservice\/account\/"/);
  expect(json.resource.null_resource.mariadb_prepare.triggers.accounts).toContain(
    '"reads":["proctorwise_users"',
  );
});

test('a deploy knows that the one secret rolls all of them', () => {
  const { secrets = [] } = readStack(workplace.synth(platform).outdir).settings;
  const password = secrets.find(({ name }) => name === 'db_password');
  expect(password?.services).toHaveLength(6);
  expect(password?.derived).toContain('db_password_userservice');
});

test('the bounds of all accounts together leave root its connections', () => {
  const settings = provisioned(workplace.synth(platform).json);
  const bounds = [...settings.matchAll(/"maxConnections" = (\d+)/g)].map(([, bound]) => Number(bound));
  expect(bounds).toEqual([45, 45, 45, 45, 45, 30]);
});

test('the compose form says how to make the secrets', () => {
  const { platform: built } = workplace.build(platform);
  const { compose } = composeOf(built);
  expect(compose).toContain(
    '#   { printf %s proctorwise/mariadb/userservice/account/; cat FILE; } | sha256sum | head -c 64 | docker secret create proctorwise_db_password_userservice -',
  );
});

test('nobody drops the account that all log in with', () => {
  const dropped = withMariadb({ sharedAccount: 'dropped' });
  expect(() => workplace.synth(dropped)).toThrow(
    /^mariadb: sharedAccount is 'dropped', and all applications log in with \w+\n {2}say accounts: 'per-service' first/,
  );
  expect(() => workplace.synth(withMariadb({ sharedAccount: 'kept' }))).not.toThrow();
});

test('a name that MariaDB would not take is refused', () => {
  const user = 'a'.repeat(60);
  expect(() => workplace.synth(withMariadb({ accounts: 'per-service', user }))).toThrow(
    /^mariadb: the account a+_users has more than 64 characters/m,
  );
});
