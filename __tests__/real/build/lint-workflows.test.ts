import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');

function lint(workflow?: string): { status: number | null; said: string } {
  const folder = mkdtempSync(join(tmpdir(), 'workflows-'));
  if (workflow) writeFileSync(join(folder, 'one.yml'), workflow);
  try {
    const args = workflow ? [folder] : [];
    const { status, stdout, stderr } = spawnSync('node', ['build/lint-workflows.mjs', ...args], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    return { status, said: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const job = (step: string, more = '') => `on: push
${more}
jobs:
  one:
    runs-on: ubuntu-24.04
    steps:
      - ${step}
`;

test('has nothing to say about the workflows of this project', () => {
  expect(lint()).toEqual({ status: 0, said: 'actionlint: nothing to say about 4 workflows\n' });
});

test('knows the queue and the anchors that GitHub knows', () => {
  const queue = 'concurrency:\n  group: a\n  queue: max\n';
  const anchors = 'env: &values\n          A: b\n        run: id\n      - env: *values\n        run: id';
  expect(lint(job(anchors, queue)).status).toBe(0);
});

test.each([
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
])('finds %s', (_, workflow, words) => {
  const { status, said } = lint(workflow);
  expect(said).toContain(words);
  expect(status).toBe(1);
});
