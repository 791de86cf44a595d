import type { PlatformSpec } from '../../../constructs';
import { catalogue } from '../../support/platform/catalogue';
import { Workplace } from '../../support/platform/platform';

const workplace = new Workplace();
afterAll(() => workplace.remove());

const spec = catalogue as PlatformSpec;
const named = (name: string, change: Partial<PlatformSpec> = {}): PlatformSpec => ({
  ...spec,
  ...change,
  environments: { ...spec.environments, production: { ...spec.environments.production!, name } },
});
const users = spec.services.users!;
const refusal = (changed: PlatformSpec): string => {
  try {
    workplace.synth(changed);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

test('refuses the name of a platform with which the secret of its certificate is too long for Swarm', () => {
  expect(refusal({ ...spec, name: 'acme-learning-platform-prod' })).toContain(
    'the name "acme-learning-platform-prod" makes names that are too long for Swarm: ' +
      'the secret tls_self_signed_certificate by 2\n' +
      '  shorten it by 2 characters, or what the catalogue calls so by as many as it is too long',
  );
});

test('accepts each of the longest names that Swarm takes', () => {
  // 25 + 39 = 64 of a secret.
  expect(refusal(named('x'.repeat(25)))).toBe('');
  // 25 + 38 = 63 of a service.
  expect(refusal(named('x'.repeat(25), { services: { ...spec.services, ['y'.repeat(37)]: users } }))).toBe(
    '',
  );
});

test('names the service, the network, the config and the secret that are too long, all at once', () => {
  const job = { service: 'users', command: ['tidy'], schedule: '30 3 * * *' };
  const message = refusal(
    named('x'.repeat(25), {
      name: 'n'.repeat(38),
      services: { ...spec.services, ['y'.repeat(40)]: users },
      jobs: { ['j'.repeat(30)]: job },
      secrets: { ...spec.secrets, ['s'.repeat(31)]: {} },
    }),
  );
  for (const words of [
    `the service ${'y'.repeat(40)} by 3`,
    `the network ${'n'.repeat(38)} by 1`,
    `the config ${'j'.repeat(30)}_schedule by 12`,
    `the secret ${'s'.repeat(31)} by 4`,
    '\n  shorten it by 12 characters',
  ]) {
    expect(message).toContain(words);
  }
});

test('looks at the names of the environment that is synthesized, not at those of others', () => {
  const long = named('x'.repeat(30));
  expect(refusal(long)).toContain('tls_self_signed_certificate by 5');
  expect(() => workplace.synth(long, 'lab')).not.toThrow();
});
