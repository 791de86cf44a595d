import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SECRETS } from '../../../add-ons/github/runner/secrets';
import { judgeConnection, PG_ADDRESS } from '../../../operations/state/check-pg';

const DOCS = join(__dirname, '../../../docs');
const texts = [
  ...readdirSync(DOCS)
    .filter((name) => name.endsWith('.md'))
    .map((name) => readFileSync(join(DOCS, name), 'utf8')),
  ...SECRETS.map(({ what, get }) => `${what} ${get}`),
];

test('what the documents tell to write for PostgreSQL is what ./proctor state doctor asks for', () => {
  const addresses = texts.flatMap((text) => text.match(/postgres(?:ql)?:\/\/[^\s`'"]+/g) ?? []);
  expect(addresses.length).toBeGreaterThan(2);
  expect(new Set(addresses)).toEqual(new Set([PG_ADDRESS]));
  const modes = texts.flatMap((text) => [...text.matchAll(/sslmode=([a-z-]+)/g)].map(([, mode]) => mode));
  expect(new Set(modes)).toEqual(new Set(['verify-full']));
  expect(judgeConnection({ PG_CONN_STR: PG_ADDRESS })).toMatchObject([{ level: 'ok' }]);
});
