import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlatformSpec } from '../../../../constructs';
import type { Service } from '../../../../operations/docker/answers';
import { planLines } from '../../../../operations/plan/text';
import { LARGEST, unpack } from '../../../../operations/records/packed';
import { Redactor } from '../../../../operations/redact/redactor';
import { diffOf } from '../../../../operations/releases/diff';
import { withoutPlace, withPlaceOf } from '../../../../operations/releases/place';
import { compose, fitting } from '../../../../operations/releases/record';
import { secretsIn } from '../../../../operations/releases/secret-free';
import { readStack } from '../../../../operations/stack/synthesized';
import { canary, findings } from '../../../support/platform/canaries';
import { catalogue } from '../../../support/platform/catalogue';
import { ODD_SCHEMA, oddCatalogue } from '../../../support/platform/odd-catalogue';
import { SHELL, Workplace } from '../../../support/platform/platform';
import { releaseWith } from '../records/releases';

const workplace = new Workplace();
workplace.write(ODD_SCHEMA.path, ODD_SCHEMA.text);
afterAll(() => workplace.remove());

const spec = catalogue as PlatformSpec;
const [[first, application] = ['', {}]] = Object.entries(spec.services);
const migrating = {
  ...spec,
  services: { ...spec.services, [first]: { ...application, migrate: { command: ['true'] } } },
} as PlatformSpec;
/** As a deploy finds it. */
function opened(of: PlatformSpec, shell = {}) {
  const { outdir } = workplace.synth(of, 'production', { ...SHELL, ...shell });
  const stack = readStack(outdir);
  return { stack, json: JSON.parse(readFileSync(join(stack.folder, 'cdk.tf.json'), 'utf8')) };
}

const RESULT = {
  stack: 'swarm',
  environment: 'production',
  outcome: 'converged' as const,
  exitCode: 0,
  seconds: 61.4,
  preflight: [],
  plan: null,
  services: [
    {
      service: 'users',
      change: 'update: users:v1 → users:v2',
      outcome: 'converged' as const,
      seconds: 55.2,
      tasksReplaced: 2,
    },
  ],
  probe: null,
  runs: [],
  error: null,
};

function recorded(of: PlatformSpec, services: readonly Service[] = [], shell: Record<string, string> = {}) {
  const { stack } = opened(of);
  const commit = { commit: 'abc', clean: true };
  return compose(
    { stack, shell, result: RESULT, acknowledged: [], commit, say: () => {} },
    services,
    new Date('2026-01-02T03:04:05Z'),
  );
}

const serviceOf = (name: string, container: object): Service =>
  ({
    ID: name,
    Spec: { Name: name, TaskTemplate: { ContainerSpec: { Image: 'web:v1', ...container } } },
  }) as never;

describe('where a stack goes', () => {
  test('is not on record: no login, no option of ssh, no place of the state', () => {
    const text = JSON.stringify(withoutPlace(opened(spec).json));
    expect(text).not.toContain('ssh://');
    expect(text).not.toContain('StrictHostKeyChecking');
    expect(text).not.toContain('tfstate');
  });

  test('is today’s when it is taken back, and nothing else is another', () => {
    const { json } = opened(spec);
    expect(withPlaceOf(withoutPlace(json), json)).toEqual(json);
    const { json: elsewhere } = opened(spec, {
      VPS_USER: 'anna',
      VPS_PORT: '2222',
      VPS_SSH_CONFIG: '/home/anna/config',
    });
    expect(withPlaceOf(withoutPlace(json), elsewhere)).toEqual(elsewhere);
  });
});

describe('what a deploy leaves on record', () => {
  test('says who, when, from what, how it ended, and how long rolls took without the gate’s watch', () => {
    const container = {
      Image: 'ghcr.io/acme/users:1.0.0@sha256:aa',
      Secrets: [{ SecretID: 's', SecretName: 'acme_db_0123456789' }],
    };
    const release = recorded(spec, [serviceOf('acme_users', container)]);
    expect(release).toMatchObject({
      at: '2026-01-02T03:04:05.000Z',
      commit: 'abc',
      clean: true,
      outcome: 'converged',
      seconds: 61,
      services: [{ service: 'users', seconds: 55.2, rollSeconds: 25 }],
      images: { users: 'ghcr.io/acme/users:1.0.0@sha256:aa' },
      objects: ['acme_db_0123456789'],
    });
    expect(release.who).toMatch(/.@./);
    expect(release.leftOut).toBeUndefined();
  });

  test.each<[string, PlatformSpec]>([
    ['the catalogue', spec],
    ['one with a migration', migrating],
    ['an odd one, with a schema', oddCatalogue as PlatformSpec],
  ])('is small for %s, and has its files but for the scripts', (_, of) => {
    const { packed, leftOut } = recorded(of);
    expect(leftOut).toBeUndefined();
    expect(packed.length).toBeLessThan(60_000);
    const { files = {} } = unpack({ packed });
    expect(Object.keys(files).filter((name) => name.endsWith('.js'))).toEqual([]);
    const texts = Object.values(files).map((file) => Buffer.from(file, 'base64').toString());
    expect(texts.includes(ODD_SCHEMA.text)).toBe(of === (oddCatalogue as PlatformSpec));
  });

  test('what runs but stands in no secret makes it leave the stack out, and say why', () => {
    const release = recorded(spec, [serviceOf('acme_users', { Env: ['API_TOKEN=hunter2hunter2'] })]);
    expect(release.leftOut).toBe('API_TOKEN of acme_users looks like a secret');
    expect(unpack(release)).toEqual({ specs: {} });
  });

  describe('of a service whose false alarm is acknowledged', () => {
    const settings = { ...application.settings, TOKEN_ISSUER: 'acme' };
    const acknowledge = { 'no-secret-in-settings': 'it is the name of who issues them' };
    const change = { settings, acknowledge, migrate: { command: ['migrate', '--token-issuer=acme'] } };
    const alarming = { ...spec, services: { ...spec.services, [first]: { ...application, ...change } } };
    const recordedWith = (name: string, arg: string) =>
      recorded(alarming as PlatformSpec, [serviceOf(name, { Args: ['TOKEN_ISSUER=acme', arg] })]);
    const own = opened(alarming as PlatformSpec).json.resource.docker_service[first].name;

    test('has its stack and what runs, to go back to', () => {
      const release = recordedWith(own, '--');
      expect(release.leftOut).toBeUndefined();
      expect(Object.keys(unpack(release).specs)).toEqual([own]);
    });

    test.each([
      [own, `KEY=ghp_${'a'.repeat(36)}`, `KEY of ${own} looks like a secret`],
      [own, 'URL=mysql://a:hunter2@db/x', `URL of ${own} looks like a secret`],
      ['acme_other', '--', 'TOKEN_ISSUER of acme_other looks like a secret'],
    ])('has no more than that: %s with %s', (name, arg, why) => {
      expect(recordedWith(name, arg).leftOut).toBe(why);
    });
  });

  test('no value of a secret is in it, in whatever encoding, compressed or not', () => {
    const shell = Object.fromEntries(
      Object.keys(spec.secrets).map((name) => [`TF_VAR_${name}`, canary(name)]),
    );
    const values = Object.values(shell);
    const leaking = values.map((value, at) =>
      serviceOf(`acme_web${at}`, { Args: [`--x${at}`, `see ${value}`] }),
    );
    for (const services of [[], leaking]) {
      const release = recorded(spec, services, shell);
      expect(
        findings(
          [
            ['record', JSON.stringify(release)],
            ['parts', JSON.stringify(unpack(release))],
          ],
          values,
        ),
      ).toEqual([]);
      expect(release.leftOut).toEqual(
        services.length > 0 ? expect.stringMatching(/^the value of TF_VAR_\w+ is in it$/) : undefined,
      );
    }
  });

  test('a stack that is too large is left out, and its specifications stay', () => {
    const noise = Array.from({ length: LARGEST }, (_, at) => Math.sin(at).toString(36)).join('');
    const { packed, leftOut } = fitting({ stack: { noise }, specs: { web: { Name: 'web' } } }, () => []);
    expect(leftOut).toBe('the stack is larger than 200 kB, compressed');
    expect(unpack({ packed })).toEqual({ specs: { web: { Name: 'web' } } });
  });
});

describe('what looks like a secret', () => {
  const stackWith = (container: object) => ({
    stack: { resource: { docker_service: { web: { task_spec: { container_spec: container } } } } },
    specs: {},
  });
  test.each<[string, object]>([
    ['a setting', { args: ['SMTP_PASSWORD=geheim'] }],
    ['a URL', { args: ['--url=mysql://a:geheim@db'] }],
    ['an environment', { env: { SIGNING_KEY: 'geheim' } }],
    ['a command', { command: ['run', '--token=geheim'] }],
    ['two words of a command', { command: ['run', '--token', 'geheim'] }],
    ['a health check', { healthcheck: { test: ['CMD-SHELL', 'curl -u admin:geheim http://127.0.0.1/'] } }],
  ])('is found in %s, and not shown', (_, container) => {
    const [found] = secretsIn(stackWith(container), new Redactor());
    expect(found).toMatch(/ of web looks like a secret$/);
    expect(found).not.toContain('geheim');
  });

  test.each<[string, object]>([
    [
      'the migration of web',
      { '//': { deploy: { migrations: { m: { service: 'web', command: ['m', '--password=geheim'] } } } } },
    ],
    [
      'web_migrate',
      {
        resource: { null_resource: { web_migrate: { triggers: { command: '["m","--password=geheim"]' } } } },
      },
    ],
  ])('is found in %s, and not shown', (where, stack) => {
    expect(secretsIn({ stack, specs: {} }, new Redactor())).toEqual([
      `password of ${where} looks like a secret`,
    ]);
  });

  test('is found in the health check of what runs', () => {
    const Healthcheck = { Test: ['CMD-SHELL', 'PGPASSWORD=geheim psql'] };
    const specs = { web: { TaskTemplate: { ContainerSpec: { Healthcheck } } } };
    expect(secretsIn({ specs }, new Redactor())).toEqual([
      'PGPASSWORD of the health check of web looks like a secret',
    ]);
  });

  test('no step that has another trigger is mistaken for one with a command', () => {
    const null_resource = { a: { triggers: { command: 'no list' } }, b: {} };
    expect(secretsIn({ stack: { resource: { null_resource } }, specs: {} }, new Redactor())).toEqual([]);
  });

  test('a place, a number about one and a reference are none', () => {
    const args = [
      'DB_PASSWORD_FILE=/run/secrets/x',
      'TOKEN_EXPIRE_MINUTES=30',
      'DATABASE_URL=mysql://a:{db_password}@db/x',
    ];
    expect(secretsIn(stackWith({ args }), new Redactor())).toEqual([]);
  });

  test('a private key in a config is found behind its base64', () => {
    const data = Buffer.from('-----BEGIN PRIVATE KEY-----\nMII').toString('base64');
    const parts = { stack: { resource: { docker_config: { conf: { data } } } }, specs: {} };
    expect(secretsIn(parts, new Redactor())).toEqual(
      expect.arrayContaining([expect.stringMatching(/private key/)]),
    );
  });
});

describe('the difference of two releases', () => {
  const withUsers = (change: object): PlatformSpec => ({
    ...spec,
    services: { ...spec.services, users: { ...spec.services.users!, ...change } },
  });
  const OBJECTS = ['acme_db_password_0123456789', 'acme_session_key_0123456789'];
  const release = (number: number, of: PlatformSpec, objects = OBJECTS) =>
    releaseWith({ ...recorded(of), number, objects });
  const linesOf = (from: PlatformSpec, to: PlatformSpec, objects = OBJECTS) =>
    planLines(diffOf(release(40, from), release(41, to, objects))).join('\n');

  test('is told in the words of a plan', () => {
    const changed = withUsers({
      image: 'ghcr.io/acme/users:2.0.0',
      replicas: 3,
      settings: { LOG_LEVEL: 'debug' },
    });
    expect(linesOf(spec, changed)).toMatch(
      /update {2}users +image users:1\.0\.0 → users:2\.0\.0, 2 → 3 replicas, args LOG_LEVEL · rolling, start-first · about \d+ s .*· no downtime/,
    );
  });

  test('names services that come and go, and secrets that rotate with the services that had them', () => {
    const { mailer, ...services } = spec.services;
    const routes = spec.nginx.routes.filter(({ service }) => service !== 'mailer');
    const without = { ...spec, services, nginx: { ...spec.nginx, routes } } as PlatformSpec;
    expect(mailer).toBeDefined();
    expect(linesOf(spec, without)).toMatch(/REMOVE {2}mailer/);
    const rotated = linesOf(spec, spec, ['acme_db_password_0123456789', 'acme_session_key_abcdef0123']);
    expect(rotated).toMatch(/renew +secret session_key +rotated/);
    expect(rotated).toMatch(/update +users +secrets SESSION_KEY/);
    expect(rotated).not.toMatch(/db_password|mailer/);
  });

  test('takes a secret whose name ends as another one’s for another one', () => {
    const more = [...OBJECTS, 'acme_smtp_session_key_0123456789'];
    const rotated = [...OBJECTS, 'acme_smtp_session_key_abcdef0123'];
    expect(diffOf(release(40, spec, more), release(41, spec, rotated))).toMatchObject({
      services: [],
      objects: [],
    });
  });

  test('is nothing where they are the same, wherever they were made', () => {
    expect(diffOf(release(40, spec), release(41, spec))).toMatchObject({ services: [], objects: [] });
  });

  test('is refused where one has no stack, with why', () => {
    const bare = releaseWith({ number: 40, leftOut: 'it is too large' });
    expect(() => diffOf(bare, release(41, spec))).toThrow(
      /release 40 has no stack: it is too large\n {2}\.\/proctor releases show 40/,
    );
  });
});
