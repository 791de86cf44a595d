import { readFileSync } from 'node:fs';
import type { PlatformSpec } from '../../../../constructs';
import { variableErrors } from '../../../../constructs/catalogue/task-variables';
import { validateCatalogue } from '../../../../constructs/catalogue/validate';
import { catalogue } from '../../../support/platform/catalogue';

const spec = catalogue as PlatformSpec;
const { users, mailer } = spec.services as { users: PlatformSpec['services'][string]; mailer: never };
const withUsers = (change: Partial<PlatformSpec['services'][string]>): PlatformSpec => ({
  ...spec,
  services: { users: { ...users, ...change }, mailer },
});
const withJob = (change: object): PlatformSpec => ({
  ...spec,
  jobs: { tidy: { service: 'users', command: ['tidy'], schedule: '30 3 * * *', ...change } },
});
const errorOf = (changed: PlatformSpec): string => {
  try {
    validateCatalogue(changed);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

test("refuses each name that the launcher's shell keeps for itself, as launch.sh lists them", () => {
  const script = readFileSync('constructs/assets/launch.sh', 'utf8');
  const listed = /^ +(launch_\*[^)\n]*)\)/m.exec(script)![1]!.split(' | ');
  const names = listed.flatMap((name) => {
    const [, start, among] = /^(\w*)\[(\w+)\]$/.exec(name) ?? [];
    return among ? [...among].map((one) => `${start}${one}`) : [name.replace('*', 'child')];
  });
  expect(names).toEqual(expect.arrayContaining(['launch_child', 'IFS', 'PS4', 'UID']));
  for (const name of names) {
    const error = `sets ${name}, which the launcher's shell keeps for itself\n  give it another name`;
    expect(variableErrors([{ name, value: '1' }])).toEqual([error]);
  }
  expect(variableErrors([{ name: 'PS3' }, { name: 'UIDS' }, { name: '_launch_' }])).toEqual([]);
});

test.each<[object, string]>([
  [{ settings: { UID: '1000' } }, 'users sets UID, which'],
  [{ variables: { PPID: 'smtp_host' } }, 'users sets PPID, which'],
  [{ urls: { IFS: 'mailer' } }, 'users sets IFS, which'],
  [{ secrets: { EUID: 'session_key' } }, 'users sets EUID, which'],
  [{ backends: { mariadb: { database: 'acme_users', as: 'DB-URL' } } }, 'users sets "DB-URL", which cannot'],
  [{ settings: { '1A': 'x' } }, 'users sets "1A", which cannot be the name of a variable\n  use letters'],
])('refuses %j of a service', (change, message) => expect(errorOf(withUsers(change))).toContain(message));

test('refuses a value with a line break, and does not show it', () => {
  expect(errorOf(withUsers({ settings: { KEY: 'one\ntwo' } }))).toBe(
    'users sets KEY to a value with a line break\n  make it a secret, which may have several lines',
  );
});

test.each([
  ['Jwt__Key', 'JWT__KEY'],
  ['jwtSecret', 'JWTSECRET'],
  ['jwt-key', 'JWT_KEY'],
  ['2FA_KEY', '_2FA_KEY'],
])('refuses a secret as %s, which would be a file and no variable', (name, better) => {
  expect(errorOf(withUsers({ secrets: { [name]: 'session_key' } }))).toBe(
    `users gets a secret as "${name}", and the launcher sets a variable from one in upper case alone\n  write ${better}; its file is /run/secrets/${better} then. Where the program reads the file alone, name it in a setting: /run/secrets/${name}`,
  );
});

test.each<[string, object]>([
  ['smtp_password', { settings: { DB_PASSWORD_FILE: '/run/secrets/smtp_password' } }],
  ['smtp_password', { command: ['app', '--password-file=/run/secrets/smtp_password'] }],
  ['smtp_password', { command: ['sh', '-c', 'app "$(cat /run/secrets/smtp_password)"'] }],
  ['smtp_password', { migrate: { command: ['migrate', '/run/secrets/smtp_password'] } }],
  ['smtp_password', { environment: { FILES: '/run/secrets/smtp_password,/run/secrets/x' } }],
  ['tls.key', {}],
])('takes a secret as %s for a file that the program reads: %j', (name, change) => {
  expect(errorOf(withUsers({ secrets: { [name]: 'session_key' }, ...change }))).toBe('');
});

test('a file whose name goes on is another one', () => {
  const settings = { KEY_FILE: '/run/secrets/jwtSecretOld', OTHER: '/run/secrets/jwtSecret.old' };
  expect(errorOf(withUsers({ secrets: { jwtSecret: 'session_key' }, settings }))).toContain('as "jwtSecret"');
});

test('without a launcher a secret is a file of any name', () => {
  const { backends: _, settings: __, ...plain } = users;
  const own = { ...plain, launcher: false, secrets: { 'session.key': 'session_key' } };
  expect(errorOf({ ...spec, services: { users: own, mailer } })).toBe('');
});

test.each<[object, string]>([
  [
    { settings: { 'KEEP-DAYS': '30' } },
    'the job tidy sets "KEEP-DAYS", which cannot be the name of a variable',
  ],
  [{ settings: { KEEP: '3\n0' } }, 'the job tidy sets KEEP to a value with a line break'],
  [{ settings: { LINENO: '1' } }, "the job tidy sets LINENO, which the launcher's shell keeps"],
])('refuses %j of a job', (change, message) => expect(errorOf(withJob(change))).toContain(message));

test('refuses a job with an image whose secret would be no variable, or that sets one twice', () => {
  const own = { service: undefined, image: 'acme/report:1', limits: users.limits };
  expect(errorOf(withJob({ ...own, secrets: { token: 'session_key' } }))).toContain(
    'the job tidy gets a secret as "token"',
  );
  expect(errorOf(withJob({ ...own, secrets: { A: 'session_key' }, settings: { A: '1' } }))).toBe(
    'the job tidy sets A twice\n  keep it in one of settings, secrets and variables',
  );
});
