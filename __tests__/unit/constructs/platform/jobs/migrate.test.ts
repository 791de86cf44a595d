import { Duration, type PlatformSpec } from '../../../../../constructs';
import { catalogue } from '../../../../support/platform/catalogue';
import { DIGEST, SHELL, Workplace } from '../../../../support/platform/platform';
import type { Json } from '../../../../support/platform/template';

const workplace = new Workplace();
afterAll(() => workplace.remove());

const spec: PlatformSpec = catalogue;
const migrating = (change: Partial<PlatformSpec['services'][string]>, id = 'users'): PlatformSpec => ({
  ...spec,
  services: { ...spec.services, [id]: { ...spec.services[id]!, ...change } },
});
const migrate = { command: ['alembic', 'upgrade', '${head}'] };
const resourcesOf = (of: PlatformSpec): Json => workplace.synth(of).json.resource;
const inputOf = (resource: Json): string =>
  resource.null_resource.users_migrate.provisioner[0]['local-exec'].environment.JOB;

test('all applications wait for it, and it for the backends alone', () => {
  const resource = resourcesOf(migrating({ migrate }));
  const step = resource.null_resource.users_migrate;
  expect(step.triggers).toEqual({
    image: `${spec.services.users!.image}@${DIGEST}`,
    command: '["alembic","upgrade","$${head}"]',
  });
  const [, plain] = [step, resourcesOf(spec)];
  const first = Object.keys(plain.docker_service).filter((id) =>
    resource.docker_service[id].depends_on?.includes('null_resource.users_migrate'),
  );
  expect(first.length).toBeGreaterThan(0);
  // What waits for it waits for nothing else that is new.
  for (const id of first) {
    expect(
      resource.docker_service[id].depends_on.filter((one: string) => one !== 'null_resource.users_migrate'),
    ).toEqual(plain.docker_service[id].depends_on);
    expect(step.depends_on).toEqual(plain.docker_service[id].depends_on);
  }
  expect(Object.keys(spec.services).every((id) => waits(resource, id))).toBe(true);
});

/** Whether a service is behind the migration, directly or by the gates of an earlier wave. */
function waits(resource: Json, id: string): boolean {
  const before = (address: string): boolean => {
    if (address === 'null_resource.users_migrate') return true;
    const [type = '', name = ''] = address.split('.');
    return (resource[type]?.[name]?.depends_on ?? []).some(before) || followed(resource, type, name, before);
  };
  return before(`docker_service.${id}`);
}
const followed = (resource: Json, type: string, name: string, before: (address: string) => boolean) =>
  (resource[type]?.[name]?.lifecycle?.replace_triggered_by ?? []).some(before);

test('it is told what the tasks of the version that comes have, and no value of a secret', () => {
  const input = inputOf(resourcesOf(migrating({ migrate: { ...migrate, timeout: Duration.minutes(30) } })));
  expect(input).toMatch(/^\$\{jsonencode\(\{"host" = /);
  expect(input).toContain('"kind" = "migrate"');
  expect(input).toContain('"command" = ["alembic", "upgrade", "$${head}"]');
  expect(input).toContain('"timeoutSeconds" = 1800');
  expect(input).toContain(`@${DIGEST}`);
  expect(input).toMatch(/\[for id in \[for secret in docker_secret\./);
  expect(inputOf(resourcesOf(migrating({ migrate })))).toContain('"timeoutSeconds" = 600');
});

test('another image or command runs it again, another setting does not', () => {
  const triggers = (of: PlatformSpec) => resourcesOf(of).null_resource.users_migrate.triggers;
  const before = triggers(migrating({ migrate }));
  expect(triggers(migrating({ migrate, settings: { LOG_LEVEL: 'debug' } }))).toEqual(before);
  expect(triggers(migrating({ migrate: { command: ['x'] } }))).not.toEqual(before);
});

test('a catalogue without it is as it was', () => {
  expect(JSON.stringify(workplace.synth(spec).json)).not.toMatch(/_migrate|job\.js/);
});

test('the plan is told whose it is', () => {
  const { platform } = workplace.build(migrating({ migrate }), 'production', SHELL);
  const { deploy } = (platform.toTerraform() as Json)['//'];
  expect(deploy.migrations).toEqual({
    users_migrate: { service: 'users', command: ['alembic', 'upgrade', '${head}'] },
  });
});

test.each([
  [{ command: [] }, /^the migration of users has no command/],
  [{ command: ['a\nb'] }, /^the migration of users has no command, or one with a line break/],
  [{ command: ['a'], timeout: Duration.seconds(0) }, /^the migration of users has no time/],
])('%j is refused', (wrong, why) => {
  expect(() => workplace.build(migrating({ migrate: wrong }))).toThrow(why);
});
