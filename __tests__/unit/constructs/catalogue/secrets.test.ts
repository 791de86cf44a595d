import { readdirSync } from 'node:fs';
import type { PlatformSpec } from '../../../../constructs';
import { validateCatalogue } from '../../../../constructs/catalogue/validate';
import { readStack } from '../../../../operations/stack/synthesized';
import { platform } from '../../../../services.config';
import { Workplace } from '../../../support/platform/platform';

const workplace = new Workplace();
afterAll(() => workplace.remove());
const spec = platform as PlatformSpec;
const withSecrets = (secrets: PlatformSpec['secrets']): PlatformSpec => ({
  ...spec,
  secrets: { ...spec.secrets, ...secrets },
});
const error = (changed: PlatformSpec): string => {
  try {
    validateCatalogue(changed);
    return '';
  } catch (thrown) {
    return (thrown as Error).message;
  }
};

test('`./proctor deploy` is told everything about the secrets but their values', () => {
  const { settings } = readStack(workplace.synth(platform).outdir);
  expect(settings.secrets?.map(({ name, services }) => [name, services])).toEqual([
    [
      'db_password',
      expect.arrayContaining([
        'userservice',
        'reservationservice',
        'monitoringservice',
        'correctionservice',
        'notificationservice',
        'analyticsservice',
      ]),
    ],
    ['jwt_secret_key', ['userservice']],
    ['smtp_username', ['notificationservice']],
    ['smtp_password', ['notificationservice']],
    ['smtp_from_email', ['notificationservice']],
  ]);
  expect(settings.secrets?.[0]).toMatchObject({
    minLength: 16,
    optional: false,
    asciiOnly: true,
    provisionedIn: 'mariadb',
    hashPrefix: 'proctorwise/db_password/',
  });
  expect(settings.secrets?.[1]).toMatchObject({ minLength: 32, asciiOnly: false, signsTokens: {} });
  expect(settings.commands).toEqual({});
});

test('commands of secrets and of logins are told by variable, and none runs at synth', () => {
  const db_password = { command: ['touch', workplace.write('ran', '').replace(/ran$/, 'it-ran')] } as const;
  const registries = [
    { address: 'ghcr.io', username: 'u', password: 'p', passwordCommand: ['gh', 'auth', 'token'] },
  ] as const;
  const { outdir } = workplace.synth({ ...withSecrets({ db_password }), registries } as PlatformSpec);
  expect(readStack(outdir).settings.commands).toEqual({
    db_password: db_password.command,
    p: ['gh', 'auth', 'token'],
  });
  expect(readdirSync(workplace.folder)).not.toContain('it-ran');
});

test.each([
  ['an empty argument', ['op', '']],
  ['a line break', ['op', 'read\nop://x']],
] as [string, [string, ...string[]]][])('a command with %s is refused', (_, command) => {
  expect(error(withSecrets({ db_password: { command } }))).toMatch(
    /^the command of db_password has an empty argument or one with a line break\n/,
  );
});

test('the keys that are accepted beside a signing key are an optional secret of their own', () => {
  const signsTokens = { acceptedKeys: 'keys' };
  const declare = (keys: object, more: object = {}) =>
    error(withSecrets({ jwt_secret_key: { signsTokens, ...more }, keys }));
  expect(declare({ optional: true })).toBe('');
  expect(declare({})).toMatch(/^jwt_secret_key names keys .* no optional secret of its own\n/);
  expect(declare({ optional: true }, { optional: true })).toMatch(
    /^jwt_secret_key signs tokens, so it cannot be optional\n/,
  );
  expect(error(withSecrets({ jwt_secret_key: { signsTokens: { acceptedKeys: 'nowhere' } } }))).toMatch(
    /names nowhere/,
  );
});

test('two secrets with one name under /run/secrets are refused', () => {
  const { userservice } = spec.services;
  const services = {
    ...spec.services,
    userservice: { ...userservice!, secrets: { db_password: 'jwt_secret_key' } },
  };
  expect(error({ ...spec, services })).toContain(
    'userservice has two secrets with the name db_password under /run/secrets\n  call the variable in its secrets otherwise',
  );
});
