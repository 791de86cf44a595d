import type { TaskSpec } from '../../../../operations/docker/answers';
import { versionOf } from '../../../../operations/inputs/declared';
import { unknownVariables } from '../../../../operations/jobs/unknown';

const NAMESPACE = 'shop';
const derived = [{ name: 'db_password_web', from: 'db_password', derivation: 'shop/mariadb/web/account/' }];
const version = (name: string, value: string, salt = '') =>
  versionOf({ hashPrefix: `${NAMESPACE}/${name}/${salt}` }, value);

const task = (...names: string[]): TaskSpec => ({
  ContainerSpec: {
    Image: 'web:1',
    Secrets: names.map((SecretName) => ({ SecretID: 's', SecretName })),
  },
});
const unknown = (names: readonly string[], ...environments: Readonly<Record<string, string>>[]) =>
  unknownVariables(task(...names), NAMESPACE, { environments, derived, salts: ['2'] });

const KEY = `shop_jwt_secret_key_${version('jwt_secret_key', 'the-key')}`;
// Its version is that of what it is made from.
const OWN = `shop_db_password_web_${version('db_password', 'the-password')}`;

test('says which variables nobody here has, those included from which a secret is made', () => {
  expect(unknown([KEY, OWN], {})).toEqual(['TF_VAR_db_password', 'TF_VAR_jwt_secret_key']);
  expect(unknown([KEY, OWN], { TF_VAR_jwt_secret_key: 'the-key' })).toEqual(['TF_VAR_db_password']);
});

test('says nothing of those that some environment here has', () => {
  expect(
    unknown([KEY, OWN], { TF_VAR_db_password: 'the-password' }, { TF_VAR_jwt_secret_key: 'the-key' }),
  ).toEqual([]);
});

test('takes no value of before a rotation, or of another environment, for the one that is deployed', () => {
  expect(unknown([KEY], { TF_VAR_jwt_secret_key: 'another-key' })).toEqual(['TF_VAR_jwt_secret_key']);
});

test('knows the names that secrets have after a lost state', () => {
  const salted = `shop_jwt_secret_key_${version('jwt_secret_key', 'the-key', '2/')}`;
  expect(unknown([salted], { TF_VAR_jwt_secret_key: 'the-key' })).toEqual([]);
});

test('goes by the name alone where a secret was made by hand, and is silent about a stranger’s', () => {
  expect(unknown(['shop_db_password_web'], { TF_VAR_db_password: 'any' })).toEqual([]);
  expect(unknown(['shop_db_password_web'], {})).toEqual(['TF_VAR_db_password']);
  expect(unknown(['other_key'], {})).toEqual([]);
  expect(unknownVariables({}, NAMESPACE, { environments: [], derived, salts: [] })).toEqual([]);
});
