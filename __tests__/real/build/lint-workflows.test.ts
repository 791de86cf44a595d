import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');

const job = (step: string, more = '') => `on: push
${more}
jobs:
  one:
    runs-on: ubuntu-24.04
    steps:
      - ${step}
`;

const anchors = 'env: &values\n          A: b\n        run: id\n      - env: *values\n        run: id';
const BAD: [claim: string, workflow: string, words: string][] = [
  ['what a stranger wrote in a shell', job('run: echo ${{ github.head_ref }}'), 'is potentially untrusted'],
  ['a key that is none', job('run: id\n        iff: true'), 'unexpected key "iff"'],
  ['an expression that is none', job('run: id\n        if: ${{ secret.A }}'), 'undefined variable "secret"'],
  [
    'a step that nobody has',
    job('run: id\n        if: steps.none.outcome'),
    'property "none" is not defined',
  ],
  [
    'a runner that is none',
    job('run: id').replace('ubuntu-24.04', 'ubuntu-99.04'),
    'label "ubuntu-99.04" is unknown',
  ],
  ['a queue elsewhere', job('run: id', 'queue: max'), 'unexpected key "queue"'],
];

/** What it says of one folder that has them all: the program starts slowly. */
let said: string;
let status: number | null;
beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'workflows-'));
  writeFileSync(join(folder, 'good.yml'), job(anchors, 'concurrency:\n  group: a\n  queue: max\n'));
  BAD.forEach(([, workflow], index) => {
    writeFileSync(join(folder, `bad-${index}.yml`), workflow);
  });
  const options = { cwd: ROOT, encoding: 'utf8' } as const;
  const ran = spawnSync('node', ['build/lint-workflows.mjs', folder], options);
  rmSync(folder, { recursive: true });
  status = ran.status;
  said = ran.stdout + ran.stderr;
});

test('knows the queue and the anchors that GitHub knows', () => {
  expect(said).not.toContain('good.yml');
});

test.each(BAD.map(([claim, , words], index) => [claim, index, words] as const))(
  'finds %s',
  (_, index, words) => {
    const own = said.split('\n').filter((line) => line.includes(`bad-${index}.yml`));
    expect(own.join('\n')).toContain(words);
  },
);

test('ends with 1 when there is a fault', () => expect(status).toBe(1));
