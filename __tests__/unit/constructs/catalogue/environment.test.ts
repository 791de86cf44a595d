import { Environment, type ImageLock } from '../../../../constructs/catalogue/environment';
import type { Shell } from '../../../../contract/shell';
import { catalogue } from '../../../support/platform/catalogue';
import { DIGEST, resources } from '../../../support/platform/services';

const environment = (
  id = 'production',
  { lock = {}, shell = {} }: { lock?: ImageLock; shell?: Shell } = {},
) => new Environment(catalogue, id, lock, shell);

const LIMITS = resources(0.5, 512);
const WRITTEN = resources(0.1, 64);

describe('an environment that is', () => {
  test('unknown is refused with those that there are', () => {
    expect(() => environment('prod')).toThrow(
      'there is no environment "prod" in services.config.ts\n  set PLATFORM_ENVIRONMENT to one of: production, staging, lab',
    );
  });

  test('production has the stack of no suffix, any other its own', () => {
    expect(environment().stackId).toBe('swarm');
    expect(environment('staging').stackId).toBe('swarm-staging');
  });

  test('silent has what the catalogue says, and the ports of the web', () => {
    const { name, serverName, disposable, ports } = environment();
    expect({ name, serverName, disposable, ports }).toEqual({
      name: 'acme',
      serverName: 'acme.example.com',
      disposable: false,
      ports: { http: 80, https: 443 },
    });
  });

  test('talkative overrides name, server name, ports and disposability', () => {
    expect(environment('staging')).toMatchObject({
      name: 'acme-staging',
      serverName: 'staging.acme.example.com',
    });
    expect(environment('lab')).toMatchObject({
      name: 'acme',
      serverName: 'localhost',
      disposable: true,
      ports: { http: 8080, https: 8443 },
    });
  });
});

describe('local state', () => {
  const CI = { shell: { CI: 'true' } };

  test('is refused under CI, where it is lost, with what to set instead', () => {
    expect(() => environment('staging', CI)).toThrow(
      "environment \"staging\" keeps its state in a local file, which is lost with the CI job\n  set state in services.config.ts to kind 's3' or 'pg'",
    );
  });

  test('is fine under CI where everything is disposable, and remote state anywhere', () => {
    expect(environment('lab', CI).id).toBe('lab');
    expect(environment('production', CI).id).toBe('production');
  });

  test.each([{}, { CI: '' }, { CI: 'false' }])("is fine on a machine of one's own: %j", (shell) => {
    expect(environment('staging', { shell }).id).toBe('staging');
  });
});

describe('sizes', () => {
  test('an override wins over what is written', () => {
    const staging = environment('staging');
    expect(staging.replicas('users', 2)).toBe(1);
    expect(staging.limits('users', LIMITS)).toEqual(resources(0.4, 400));
    expect(staging.reservations('users', LIMITS, WRITTEN)).toEqual(resources(0.2, 200));
  });

  test("the environment's reservations win over those that are written, for all without an override", () => {
    expect(environment('staging').reservations('mailer', LIMITS, WRITTEN)).toEqual(resources(0.05, 32));
  });

  test('what is written holds where the environment says nothing', () => {
    const production = environment();
    expect(production.replicas('users', 2)).toBe(2);
    expect(production.limits('users', LIMITS)).toBe(LIMITS);
    expect(production.reservations('mailer', LIMITS, WRITTEN)).toBe(WRITTEN);
  });

  test('half the limits are reserved where nobody says anything', () => {
    expect(environment().reservations('users', LIMITS)).toEqual(resources(0.25, 256));
  });
});

describe('images', () => {
  const TAGGED = 'ghcr.io/acme/users:1.0.0';
  const image = (
    id: string,
    options: Parameters<typeof environment>[1],
    service = 'users',
    application = true,
  ) =>
    environment(id, options)
      .image(service, service === 'users' ? TAGGED : 'mariadb:10.11', application)
      .toString();

  test('get the digest that the lock has for repository and tag', () => {
    expect(image('production', { lock: { [TAGGED]: DIGEST } })).toBe(`${TAGGED}@${DIGEST}`);
  });

  test('stay without one that the lock does not have: a rule decides', () => {
    expect(image('production', { lock: { 'ghcr.io/acme/users:1.0.1': DIGEST } })).toBe(TAGGED);
  });

  test('keep the digest that is written beside them', () => {
    const written = `${TAGGED}@sha256:${'f'.repeat(64)}`;
    const production = environment('production', { lock: { [TAGGED]: DIGEST } });
    expect(production.image('users', written, true).toString()).toBe(written);
  });

  test('are what the environment overrides, with the digest of that', () => {
    const rc = 'ghcr.io/acme/users:1.1.0-rc1';
    expect(image('staging', { lock: { [TAGGED]: `sha256:${'f'.repeat(64)}`, [rc]: DIGEST } })).toBe(
      `${rc}@${DIGEST}`,
    );
  });

  const LAB = { IMAGE_REGISTRY: '127.0.0.1:5000', IMAGE_TAG: 'dev' };

  test('come from another registry, and applications under another tag, where everything is disposable', () => {
    expect(image('lab', { shell: LAB })).toBe('127.0.0.1:5000/users:dev');
    expect(image('lab', { shell: LAB }, 'mariadb', false)).toBe('127.0.0.1:5000/mariadb:10.11');
    expect(image('lab', { shell: LAB, lock: { '127.0.0.1:5000/users:dev': DIGEST } })).toBe(
      `127.0.0.1:5000/users:dev@${DIGEST}`,
    );
  });

  test.each(['IMAGE_REGISTRY', 'IMAGE_TAG'] as const)(
    '%s is refused anywhere else, with the way out',
    (name) => {
      for (const id of ['production', 'staging']) {
        expect(() => environment(id, { shell: { [name]: LAB[name] } })).toThrow(
          new RegExp(
            `^${name} is set, but "${id}" is no disposable environment: .*\n {2}unset ${name}, or deploy the lab$`,
          ),
        );
      }
    },
  );

  test('an empty variable is none', () => {
    expect(image('production', { shell: { IMAGE_TAG: '', IMAGE_REGISTRY: '' } })).toBe(TAGGED);
  });
});
