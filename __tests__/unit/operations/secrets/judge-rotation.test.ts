import type { DeclaredSecret } from '../../../../contract/declared-secret';
import { versionOf } from '../../../../operations/inputs/declared';
import { judgeRotation, mayLock } from '../../../../operations/secrets/judge-rotation';
import { secret, service } from './secrets';

const OLD = 'old-key-'.repeat(4);
const NEW = 'new-key-'.repeat(4);
const objectOf = (one: DeclaredSecret, value: string) => `shop_${one.name}_${versionOf(one, value)}`;
const password = secret('password', { services: ['web', 'api'], provisionedIn: 'mariadb' });
const jwt = secret('jwt', { minLength: 32, signsTokens: { acceptedKeys: 'accepted' } });
const accepted = secret('accepted', { optional: true });

const judge = (
  secrets: DeclaredSecret[],
  shell: Record<string, string>,
  services: ReturnType<typeof service>[],
  without: string[] = [],
) => judgeRotation({ secrets, namespace: 'shop', shell, services, without });
const words = (...args: Parameters<typeof judge>) =>
  judge(...args).map(({ level, text }) => `${level}: ${text}`);

test('a value that is in force, and a first deploy, change nothing', () => {
  const running = [service('web', objectOf(password, OLD)), service('api', objectOf(password, OLD))];
  expect(words([password], { TF_VAR_password: OLD }, running)).toEqual([]);
  expect(words([password], { TF_VAR_password: OLD }, [service('web')])).toEqual([]);
});

test('a rotation says from which version to which, and what rolls', () => {
  const running = [service('web', objectOf(password, OLD)), service('other', 'shop_password_2_0123456789')];
  const [from, to] = [versionOf(password, OLD), versionOf(password, NEW)];
  expect(words([password], { TF_VAR_password: NEW }, running)).toEqual([
    `ok: password rotates, ${from} → ${to}: web, api roll; mariadb accepts the older one, too, until they have, and does not restart`,
  ]);
  expect(from).toMatch(/^[0-9a-f]{10}$/);
});

test('services that have their own, made from it, tell which version is in force', () => {
  const derived = secret('password', { ...password, derived: ['password_web', 'password_api'] });
  const made = (name: string, value: string) =>
    service(name, `shop_password_${name}_${versionOf(password, value)}`);
  expect(words([derived], { TF_VAR_password: OLD }, [made('web', OLD), made('api', OLD)])).toEqual([]);
  expect(words([derived], { TF_VAR_password: NEW }, [made('web', OLD), made('api', OLD)])[0]).toMatch(
    /^ok: password rotates, \w{10} → \w{10}: web, api roll; mariadb accepts/,
  );
  expect(
    words([derived], { TF_VAR_password: 'a third one, long' }, [made('web', OLD), made('api', NEW)]),
  ).toEqual(['failure: an earlier rotation of password did not finish, and mariadb accepts no third value']);
});

test('one that stopped half-way goes on', () => {
  const running = [service('web', objectOf(password, OLD)), service('api', objectOf(password, NEW))];
  expect(words([password], { TF_VAR_password: NEW }, running)[0]).toMatch(
    /rotates, \w{10} and \w{10} → \w{10}: /,
  );
});

test('a third database password waits until the second has come everywhere', () => {
  const running = [service('web', objectOf(password, OLD)), service('api', objectOf(password, NEW))];
  expect(words([password], { TF_VAR_password: 'a third one, long' }, running)).toEqual([
    'failure: an earlier rotation of password did not finish, and mariadb accepts no third value',
  ]);
});

describe('an optional secret that is in force and empty now', () => {
  const running = [service('web', objectOf(accepted, OLD))];

  test('is refused: CI passes one that is not set so, and a service would start without it', () => {
    const [finding] = judge([accepted], { TF_VAR_accepted: '' }, running);
    expect(finding).toMatchObject({
      level: 'failure',
      text: 'TF_VAR_accepted is empty, but web has accepted now and would start without it',
      fix: expect.stringContaining('--without accepted'),
    });
  });

  test('goes when that is meant', () => {
    expect(words([accepted], {}, running, ['accepted'])).toEqual([
      'ok: accepted goes, as --without says; web will start without it',
    ]);
  });
});

describe('a key that signs tokens', () => {
  const running = [service('web', objectOf(jwt, OLD))];
  const rotate = (shell: Record<string, string>, more: string[] = []) =>
    words(
      [jwt, accepted],
      { TF_VAR_jwt: NEW, ...shell },
      more.length > 0 ? [service('web', objectOf(jwt, OLD), ...more)] : running,
    );
  const ROLLS = expect.stringMatching(/^ok: jwt rotates/);
  const REFUSED_AFTER = 'warning: jwt signs tokens: after this deploy all old ones are refused';
  const REFUSED_MEANWHILE =
    'warning: jwt signs tokens: while web rolls, its older tasks refuse those that new tasks make';

  test('whose images take no list: some are refused during the roll, old ones after it', () => {
    expect(words([{ ...jwt, signsTokens: {} }], { TF_VAR_jwt: NEW }, running)).toEqual([
      ROLLS,
      'warning: jwt signs tokens: while web rolls, tokens made by the other half are refused; after it, all old ones',
    ]);
  });

  test('with the older key in the list, old tokens stay good', () => {
    expect(rotate({ TF_VAR_accepted: OLD })).toEqual([ROLLS, REFUSED_MEANWHILE]);
    expect(rotate({ TF_VAR_accepted: `${'x'.repeat(32)}, ${OLD}` })).toEqual([ROLLS, REFUSED_MEANWHILE]);
  });

  test('with another key in the list, or none, old tokens are refused', () => {
    expect(rotate({ TF_VAR_accepted: 'x'.repeat(32) })).toEqual([ROLLS, REFUSED_AFTER, REFUSED_MEANWHILE]);
    expect(rotate({})).toEqual([ROLLS, REFUSED_AFTER, REFUSED_MEANWHILE]);
  });

  test('that was announced by the deploy before refuses nobody', () => {
    const announced = [objectOf(accepted, NEW)];
    expect(rotate({ TF_VAR_accepted: OLD }, announced)).toEqual([
      ROLLS,
      expect.stringMatching(/^ok: accepted rotates/),
    ]);
  });
});

test('no value is in what is said', () => {
  const all = judge(
    [password, jwt, accepted],
    { TF_VAR_password: NEW, TF_VAR_jwt: NEW, TF_VAR_accepted: OLD },
    [service('web', objectOf(password, OLD), objectOf(jwt, OLD), objectOf(accepted, NEW))],
  );
  expect(all.length).toBeGreaterThan(2);
  expect(JSON.stringify(all)).not.toMatch(/old-key|new-key/);
});

describe('what opens the backups', () => {
  const opens = secret('repository', { services: ['backup'], opens: 'the backups' });
  const running = [service('backup', objectOf(opens, OLD))];
  const facts = (value: string) => ({
    secrets: [opens],
    namespace: 'shop',
    shell: { TF_VAR_repository: value },
    services: running,
    without: [],
  });

  test('is not replaced by a value with which they were not seen to open', () => {
    expect(mayLock(facts(NEW))).toEqual([opens]);
    const [finding] = judgeRotation(facts(NEW));
    expect(finding).toMatchObject({ level: 'failure', fix: expect.stringContaining('docs/secrets.md') });
    expect(finding!.text).toContain('the backups were not seen to open with the new value of repository');
  });

  test('rotates to one that was let in', () => {
    expect(judgeRotation({ ...facts(NEW), opened: new Set(['repository']) })).toMatchObject([
      { level: 'ok', text: expect.stringContaining('repository rotates') },
    ]);
  });

  test('is asked of nothing where it stays, or comes for the first time', () => {
    expect(mayLock(facts(OLD))).toEqual([]);
    expect(mayLock({ ...facts(NEW), services: [] })).toEqual([]);
    expect(judgeRotation({ ...facts(NEW), services: [] })).toEqual([]);
  });
});
