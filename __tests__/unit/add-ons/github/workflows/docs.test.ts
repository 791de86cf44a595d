import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Secret } from '../../../../../add-ons/github/runner/secret';
import { SECRETS } from '../../../../../add-ons/github/runner/secrets';
import { JOBS, WORKFLOWS } from '../../../../real/add-ons/github/workflows/support/workflow';

const ROOT = join(__dirname, '../../../../..');
const text = readFileSync(join(ROOT, 'docs/github.md'), 'utf8');

const needed = ({ needed: how }: Secret): string =>
  ({ always: 'yes', optional: '', s3: 'S3', pg: 'PostgreSQL' })[how as string] ??
  `with ${how.slice('pair:'.length)}`;

test('one table has every secret: what it is and how to get it, as the jobs say it when it is missing', () => {
  const rows = SECRETS.map((one) => `| \`${one.name}\` | ${needed(one)} | ${one.what} | ${one.get} |`);
  const table = ['| secret | needed | what | how to get it |', '|---|---|---|---|', ...rows].join('\n');
  expect(text).toContain(`${table}\n`);
});

test('every secret and variable that a workflow asks for is documented', () => {
  const asked = new Set(
    JOBS.flatMap(([, job]) =>
      [...JSON.stringify(job).matchAll(/(?:secrets|vars)\.(\w+)/g)].map(([, name]) => name!),
    ),
  );
  for (const name of asked) expect(text).toContain(`\`${name}\``);
  for (const { name } of SECRETS) expect([...asked]).toContain(name);
});

test('every workflow and each environment are documented', () => {
  for (const name of WORKFLOWS) expect(text).toContain(`\`${name}\``);
  for (const name of ['plan', 'plan-review', 'production']) expect(text).toContain(`\`${name}\``);
});

test('the files that it names are there', () => {
  const names = [...text.matchAll(/`((?:\.github|operations|__tests__|docs)\/[\w./-]+)`/g)].map(
    ([, name]) => name!,
  );
  expect(names.length).toBeGreaterThan(3);
  expect(names.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
});
