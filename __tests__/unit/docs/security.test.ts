import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ROWS } from '../../../operations/security/rows';

const ROOT = resolve(__dirname, '../../..');
const PAGE = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');
const sectionOf = (title: string) => PAGE.split(`\n## ${title}\n`)[1]!.split('\n## ')[0]!;
/** Cells of the table's rows, without its head. */
const rowsOf = (title: string) =>
  sectionOf(title)
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
const namesOf = (title: string) =>
  rowsOf(title).flatMap(([row = '']) => (row ? [row.replaceAll('`', '')] : []));

const met = rowsOf('What others recommend');

test('each recommendation says whose it is, how it is met, and a test that there is', () => {
  expect(met.length).toBeGreaterThan(25);
  for (const [, what, by, how, tests = ''] of met) {
    for (const cell of [what, by, how]) expect(cell).toMatch(/\w{3}/);
    const files = [...tests.matchAll(/`([^`]+)`/g)].map(([, file]) => file!);
    expect(files).not.toEqual([]);
    expect(files.filter((file) => !existsSync(join(ROOT, '__tests__', file)))).toEqual([]);
  }
});

test('what is not met says why', () => {
  for (const [, what, by, why = ''] of rowsOf('Not met')) {
    for (const cell of [what, by]) expect(cell).toMatch(/\w{3}/);
    expect(why.length).toBeGreaterThan(20);
  }
});

test('each row of ./proctor doctor security is on the page, and no other', () => {
  const named = new Set([...namesOf('What others recommend'), ...namesOf('Not met')]);
  expect([...named].sort()).toEqual(ROWS.map(({ name }) => name).sort());
});

test('a row stands once in a table', () => {
  for (const title of ['What others recommend', 'Not met']) {
    const names = namesOf(title);
    expect(names).toEqual([...new Set(names)]);
  }
});
