import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bumpSalt, readSalts, saltFile } from '../../../../operations/inputs/salts';

const folder = mkdtempSync(join(tmpdir(), 'salts-'));
const path = join(folder, 'secrets.salt.json');
afterEach(() => rmSync(path, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

test('a project that never lost a state has no file and no salt', () => {
  expect(readSalts(path)).toEqual({});
  expect(existsSync(path)).toBe(false);
});

test('each environment has its own, and each time another one', () => {
  bumpSalt(path, 'staging');
  bumpSalt(path, 'production');
  bumpSalt(path, 'production');
  expect(readSalts(path)).toEqual({ production: '3', staging: '2' });
  expect(readFileSync(path, 'utf8')).toBe('{\n  "production": "3",\n  "staging": "2"\n}\n');
});

test.each(['', '{', '[]', 'null', '"2"', '{"production": 2}'])(
  '%j is refused, since without it every secret gets another name',
  (text) => {
    writeFileSync(path, text);
    expect(() => readSalts(path)).toThrow(
      /secrets\.salt\.json is not a list of salts\n {2}take it back from git/,
    );
    expect(() => bumpSalt(path, 'production')).toThrow('is not a list of salts');
    expect(readFileSync(path, 'utf8')).toBe(text);
  },
);

test('the lab has one of its own', () => {
  expect(saltFile({})).toBe('secrets.salt.json');
  expect(saltFile({ SECRET_SALTS: '/tmp/lab/secrets.salt.json' })).toBe('/tmp/lab/secrets.salt.json');
});
