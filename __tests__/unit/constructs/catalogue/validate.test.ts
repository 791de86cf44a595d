import { mariadb, type PlatformSpec } from '../../../../constructs';
import { validateCatalogue } from '../../../../constructs/catalogue/validate';
import { catalogue } from '../../../support/platform/catalogue';

/** The catalogue as it reaches the checks when types were no help: any change goes. */
const spec = catalogue as PlatformSpec;
const withServices = (...ids: string[]): PlatformSpec => ({
  ...spec,
  services: Object.fromEntries(ids.map((id) => [id, spec.services.users!])),
});
const withUsers = (change: Partial<PlatformSpec['services'][string]>): PlatformSpec => ({
  ...spec,
  services: { ...spec.services, users: { ...spec.services.users!, ...change } },
});
const errorsOf = (changed: PlatformSpec): string[] => {
  try {
    validateCatalogue(changed);
    return [];
  } catch (error) {
    return (error as Error).message.split(/\n(?! )/);
  }
};

test('accepts a sound catalogue', () => expect(errorsOf(spec)).toEqual([]));

test('lists all errors at once, each with its fix', () => {
  const routes = [...spec.nginx.routes, ...spec.nginx.routes];
  const errors = errorsOf({ ...spec, name: 'ACME', nginx: { ...spec.nginx, routes } });
  expect(errors).toHaveLength(3);
  for (const error of errors) expect(error).toMatch(/^[^\n]+\n {2}\S/);
});

test.each([2, 0, 201, 3.5])('refuses to keep %j releases', (keepReleases) => {
  expect(errorsOf({ ...spec, keepReleases })).toEqual([
    `keepReleases is ${keepReleases}\n  write a whole number from 3 to 200`,
  ]);
  expect(errorsOf({ ...spec, keepReleases: 3 })).toEqual([]);
});

const WRONG_NAMES = [
  'Users',
  '1users',
  '-users',
  'user service',
  'user_service',
  'a.b',
  '',
  'x'.repeat(41),
  'users-',
];

test.each(WRONG_NAMES)('refuses %j as the name of the platform and of a service', (name) => {
  const rule =
    'lower-case letters, digits and -, a letter first and no - last, 40 characters at most\n  rename it';
  expect(errorsOf({ ...spec, name })).toEqual([`the platform's name "${name}": ${rule}`]);
  expect(errorsOf(withServices(name))).toEqual([`the service "${name}": ${rule}`]);
});

test.each(['a', 'user-service', 'x'.repeat(40), 'v2'])('accepts %j', (name) => {
  expect(errorsOf({ ...spec, name })).toEqual([]);
  expect(errorsOf(withServices(name))).toEqual([]);
});

test('refuses a service with the name by which the server is acknowledged, which a variable may have', () => {
  expect(errorsOf(withServices('host'))).toEqual([
    'the service "host" has the name by which the server itself is acknowledged\n  give it another name',
  ]);
  const variables = { ...spec.variables, host: { kind: 'host' } } as const;
  expect(errorsOf({ ...spec, variables })).toEqual([]);
});

test.each(['nginx', 'edge', 'launcher', 'deployed', 'docker', 'null', 'tls', 'backend'])(
  "refuses a service with the name of the platform's own %s",
  (name) => {
    expect(errorsOf(withServices(name))).toEqual([
      `the service "${name}" is the name of one of the platform's own objects\n  give it another name`,
    ]);
  },
);

test('refuses a service with the name of a backend, and a backend with a name of the platform', () => {
  expect(errorsOf(withServices('mariadb'))).toEqual([
    '"mariadb" names two things, the backend and the service\n  rename one of them',
  ]);
  const { mariadb, kafka } = spec.backends!;
  expect(errorsOf({ ...spec, backends: { mariadb: mariadb!, kafka: kafka!, edge: kafka! } })).toEqual([
    'the backend "edge" is the name of one of the platform\'s own objects\n  give it another name',
  ]);
});

test('refuses a backend that is not there, and names those that are', () => {
  expect(errorsOf(withUsers({ backends: { mariadbb: 'acme_users' } }))).toEqual([
    'users names the backend mariadbb, which is not in backends\n  name one of: mariadb, kafka',
  ]);
});

test('refuses a backend whose secret is not declared, or may be empty', () => {
  const { db_password: _, ...others } = spec.secrets;
  expect(errorsOf({ ...spec, secrets: others })).toEqual([
    'the backend mariadb needs the secret db_password, which is not in secrets\n  declare it in secrets: db_password: {}',
  ]);
  expect(errorsOf({ ...spec, secrets: { ...others, db_password: { optional: true } } })).toEqual([
    'the backend mariadb needs the secret db_password, which is optional\n  declare it in secrets: db_password: {}',
  ]);
});

test('two databases in one service need a variable each', () => {
  const shop = mariadb({
    image: 'mariadb:10.11',
    limits: spec.nginx.limits,
    user: 'shop',
    password: 'db_password',
    databases: { orders: {} },
  });
  const backends = { ...spec.backends, orders: shop };
  const withOrders = (use: unknown): PlatformSpec => ({
    ...withUsers({ backends: { mariadb: 'acme_users', orders: use } }),
    backends,
  });
  expect(errorsOf(withOrders('orders'))).toEqual([expect.stringMatching(/^users sets DATABASE_URL twice\n/)]);
  expect(errorsOf(withOrders({ database: 'orders', as: 'ORDERS_URL' }))).toEqual([]);
});

test('refuses two services on one route, and names both', () => {
  const routes = [...spec.nginx.routes, { path: '/mail' as const, service: 'users' }];
  expect(errorsOf({ ...spec, nginx: { ...spec.nginx, routes } })).toEqual([
    'two services on one route: /mail leads to mailer and to users\n  remove one of the two',
  ]);
});

test.each<[string, Partial<PlatformSpec>, string]>([
  [
    'a secret and a variable',
    { variables: { db_password: { kind: 'text' } } },
    'the secret and the variable',
  ],
  ['a service and a secret', { secrets: { ...spec.secrets, users: {} } }, 'the service and the secret'],
  ['the network and a service', { name: 'users' }, "the platform's name and the service"],
  [
    'the logins of two registries',
    { registries: [...spec.registries!, { ...spec.registries![0]!, password: 'hub', address: 'docker.io' }] },
    'the login of ghcr.io and the login of docker.io',
  ],
])('refuses one name for %s', (_, change, kinds) => {
  expect(errorsOf({ ...spec, ...change })).toEqual([
    expect.stringMatching(new RegExp(`^"\\w+" names two things, ${kinds}\n  rename one of them$`)),
  ]);
});

test.each<[object, string]>([
  [{ rate: false, burst: 5 }, 'says rate: false, which is no limit, and burst: 5'],
  [{ burst: false, rate: 5 }, 'says burst: false, which is no limit, and rate: 5'],
  [{ rate: false, key: { cookie: 'a' } }, 'says rate: false, which is no limit, and key'],
])('refuses a route that %j', (words, message) => {
  const routes = [...spec.nginx.routes, { path: '/new' as const, service: 'users', ...words }];
  expect(errorsOf({ ...spec, nginx: { ...spec.nginx, routes } })).toEqual([
    `the route /new ${message}\n  leave one of the two out`,
  ]);
});

const behind = (trustedProxies: object): PlatformSpec => ({
  ...spec,
  environments: { production: { ...spec.environments.production!, trustedProxies: trustedProxies as never } },
});

test.each<[object, string]>([
  [{ networks: [], header: 'X-Forwarded-For' }, 'names no network'],
  [{ networks: ['203.0.113.0/33'], header: 'X-A' }, "'203.0.113.0/33' is no network"],
  [{ networks: ['cdn.example'], proxyProtocol: true }, "'cdn.example' is no network"],
  [{ networks: ['203.0.113.0/24; }'], header: 'X-A' }, 'is no network'],
  [{ networks: ['0.0.0.0/0'], header: 'X-A' }, '0.0.0.0/0 is everybody'],
  [{ networks: ['::/0'], header: 'X-A' }, '::/0 is everybody'],
  [{ networks: ['203.0.113.9'] }, 'either a header or proxyProtocol'],
  [{ networks: ['203.0.113.9'], header: 'X-A', proxyProtocol: true }, 'either a header or proxyProtocol'],
  [{ networks: ['203.0.113.9'], header: 'X A' }, "'X A' is no name of a header"],
])('refuses trustedProxies of %j', (trustedProxies, message) => {
  const errors = errorsOf(behind(trustedProxies));
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain(`environment "production": trustedProxies`);
  expect(errors[0]).toContain(message);
});

test.each<object>([
  { networks: ['203.0.113.0/24', '2001:db8::/32'], header: 'X-Forwarded-For' },
  { networks: ['10.0.0.1'], proxyProtocol: true },
])('accepts trustedProxies of %j', (trustedProxies) => expect(errorsOf(behind(trustedProxies))).toEqual([]));

test('accepts an exact path beside its prefix', () => {
  const routes = [...spec.nginx.routes, { path: '/mail' as const, service: 'users', exact: true }];
  expect(errorsOf({ ...spec, nginx: { ...spec.nginx, routes } })).toEqual([]);
});

test.each(['nginx_conf', 'tls_certificate', 'mariadb_init', 'users_rollout', 'file_gate', 'launcher'])(
  "refuses a secret with the name of the platform's own %s",
  (name) => {
    expect(errorsOf({ ...spec, secrets: { ...spec.secrets, [name]: {} } })).toEqual([
      `the secret "${name}" is the name of one of the platform's own objects\n  give it another name`,
    ]);
  },
);

test.each(['SMTP-HOST', 'SMTP_HOST', '1x', 'version', 'count'])(
  'refuses the variable %s, which Terraform or a shell cannot take',
  (name) => {
    expect(errorsOf({ ...spec, variables: { ...spec.variables, [name]: { kind: 'text' } } })).toEqual([
      expect.stringContaining(
        `the variable "${name}" cannot be the Terraform variable TF_VAR_${name}\n  use`,
      ),
    ]);
  },
);

test('refuses environments whose names cannot be part of a stack or of an object', () => {
  const { production } = spec.environments;
  expect(
    errorsOf({ ...spec, environments: { 'a b': production!, lab: { ...production!, name: 'A' } } }),
  ).toEqual([
    expect.stringContaining('the environment "a b": '),
    expect.stringContaining('the environment lab\'s name "A": '),
  ]);
});

test('accepts the name of an environment that ends with -, as Swarm does before what follows', () => {
  const { production } = spec.environments;
  expect(errorsOf({ ...spec, environments: { 'lab-': { ...production!, name: 'acme-' } } })).toEqual([]);
});

test.each<Partial<PlatformSpec['services'][string]>>([
  { secrets: { LOG_LEVEL: 'session_key' } },
  { variables: { LOG_LEVEL: 'smtp_host' } },
  { urls: { LOG_LEVEL: 'mailer' } },
  { settings: { DATABASE_URL: 'mysql://other' } },
  { urls: { KAFKA_BOOTSTRAP_SERVERS: 'mailer' } },
  { environment: { LOG_LEVEL: 'debug' } },
])('refuses an environment variable that a service sets twice: %j', (change) => {
  expect(errorsOf(withUsers(change))).toEqual([
    expect.stringMatching(
      /^users sets \w+ twice\n {2}keep it in one of settings, secrets, variables, urls and environment; backends set DATABASE_URL/,
    ),
  ]);
});

test('without the launcher a secret is a file, which takes no name from the environment', () => {
  const alone = { launcher: false, settings: undefined, backends: undefined, urls: undefined } as object;
  const change = { ...alone, secrets: { SESSION_KEY: 'session_key' }, environment: { SESSION_KEY: 'x' } };
  expect(errorsOf(withUsers(change))).toEqual([]);
});

test('two services may set the same variable', () => {
  expect(errorsOf(withServices('one', 'two'))).toEqual([]);
});
