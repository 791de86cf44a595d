import type { PlatformSpec } from '../constructs';
import { validateCatalogue } from '../constructs/validate';
import { catalogue } from './support/catalogue';

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

const WRONG_NAMES = ['Users', '1users', '-users', 'user service', 'user_service', 'a.b', '', 'x'.repeat(41)];

test.each(WRONG_NAMES)('refuses %j as the name of the platform and of a service', (name) => {
  const rule = 'lower-case letters, digits and -, a letter first, 40 characters at most\n  rename it';
  expect(errorsOf({ ...spec, name })).toEqual([`the platform's name "${name}": ${rule}`]);
  expect(errorsOf(withServices(name))).toEqual([`the service "${name}": ${rule}`]);
});

test.each(['a', 'user-service', 'x'.repeat(40), 'v2'])('accepts %j', (name) => {
  expect(errorsOf({ ...spec, name })).toEqual([]);
  expect(errorsOf(withServices(name))).toEqual([]);
});

test.each(['nginx', 'edge', 'mariadb', 'kafka', 'launcher', 'deployed'])(
  "refuses a service with the name of the platform's own %s",
  (name) => {
    expect(errorsOf(withServices(name))).toEqual([
      `the service "${name}" has the name of one of the platform's own objects\n  call it otherwise`,
    ]);
  },
);

test('refuses two services on one route, and names both', () => {
  const routes = [...spec.nginx.routes, { path: '/mail' as const, service: 'users' }];
  expect(errorsOf({ ...spec, nginx: { ...spec.nginx, routes } })).toEqual([
    'two services on one route: /mail leads to mailer and to users\n  remove one of the two',
  ]);
});

test('refuses one name for a secret and a variable: both would be TF_VAR_<name>', () => {
  expect(errorsOf({ ...spec, variables: { ...spec.variables, db_password: { kind: 'text' } } })).toEqual([
    '"db_password" is both a secret and a variable, and both would be TF_VAR_db_password\n  rename one of them',
  ]);
});

test.each<Partial<PlatformSpec['services'][string]>>([
  { secrets: { LOG_LEVEL: 'session_key' } },
  { variables: { LOG_LEVEL: 'smtp_host' } },
  { urls: { LOG_LEVEL: 'mailer' } },
])('refuses an environment variable that a service sets twice: %j', (change) => {
  expect(errorsOf(withUsers(change))).toEqual([
    'users sets LOG_LEVEL twice\n  keep it in one of settings, secrets, variables and urls',
  ]);
});

test('two services may set the same variable', () => {
  expect(errorsOf(withServices('one', 'two'))).toEqual([]);
});
