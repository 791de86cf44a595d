import type { Service } from '../../../../../operations/docker/answers';
import { findPlainSecrets, plainInWords } from '../../../../../operations/state/recover/plain-secrets';

const spec = (name: string, container: object) => ({
  Name: name,
  TaskTemplate: { ContainerSpec: { Image: 'web:1', ...container } },
});
const service = (name: string, now: object, before?: object) =>
  ({ Spec: spec(name, now), ...(before ? { PreviousSpec: spec(name, before) } : {}) }) as unknown as Service;

const PASSWORD = 'p@ss word/1';
const ENCODED = `mysql+pymysql://acme:${encodeURIComponent(PASSWORD)}@mariadb:3306/acme`;

test('secrets are found in what runs and in what Swarm keeps for a rollback, encoded ones, too', () => {
  const services = [
    service('acme_web', { Env: [`DATABASE_URL=${ENCODED}`] }),
    service('acme_mariadb', { Env: ['A=b'] }, { Env: [`MYSQL_PASSWORD=${PASSWORD}`] }),
    service('acme_job', { Env: null, Args: ['env', `KEY=${PASSWORD}`] }),
    service('acme_nginx', {}),
  ];
  expect(findPlainSecrets(services, { db_password: PASSWORD, jwt_key: 'another value' })).toEqual([
    { variable: 'db_password', services: ['acme_job', 'acme_mariadb', 'acme_web'] },
  ]);
});

test('a value that is short or not given is not looked for', () => {
  const services = [service('acme_web', { Env: ['A=short', 'B='] })];
  expect(findPlainSecrets(services, { a: 'short', b: '', c: undefined })).toEqual([]);
});

test('the words name the secret, never its value, and what to do', () => {
  const found = findPlainSecrets([service('acme_web', { Env: [`X=${PASSWORD}`] })], {
    db_password: PASSWORD,
  });
  const words = plainInWords(found).join('\n');
  expect(words).toContain('db_password stands in plain text in acme_web');
  expect(words).toContain('docs/secrets.md');
  expect(words).not.toContain(PASSWORD);
  expect(plainInWords([])).toEqual([]);
});
