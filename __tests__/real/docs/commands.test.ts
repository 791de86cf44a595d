import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { helpFor } from '../../../cli/parse/help';
import { exitsOf } from '../../../cli/table/exit-codes';
import { SHOWN } from '../../../cli/verbs';

const ROOT = resolve(__dirname, '../../..');
const page = readFileSync(join(ROOT, 'docs/commands.md'), 'utf8');

test('docs/commands.md is what the table of verbs says', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'build/docs.mjs'), '--check'], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('it has the help of every verb that is not hidden', () => {
  const [, , ...sections] = page.split(/^## /m);
  expect(sections.map((section) => section.match(/^`(.+)`/)![1])).toEqual(SHOWN.map(({ name }) => name));
  for (const [at, { name }] of SHOWN.entries())
    expect(sections[at]).toContain(helpFor(name.split(' '))!.trimEnd());
});

test('its one table of exit codes has all of them', () => {
  const table = page.split(/^## /m)[1]!;
  for (const { name } of SHOWN) {
    const row = table.split('\n').find((line) => line.startsWith(`| \`${name}\` |`))!;
    for (const [code, meaning] of exitsOf(name))
      expect(code >= 64 ? table : row).toContain(`${code} ${meaning}`);
  }
});
