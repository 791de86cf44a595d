import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'proctor-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Verb {
  readonly verb: string;
  readonly summary: string;
  readonly program: string;
  readonly examples: readonly string[];
}

/** Jest reads no ES modules: the table is asked in a process of its own. */
const VERBS: readonly Verb[] = JSON.parse(
  spawnSync(
    process.execPath,
    ['-e', `import('${ROOT}/cli/verbs.mjs').then(({ VERBS }) => console.log(JSON.stringify(VERBS)))`],
    { encoding: 'utf8' },
  ).stdout,
);

/** From another folder: it finds its project by itself. */
const proctor = (...args: string[]) =>
  spawnSync(join(ROOT, 'proctor'), args, { cwd: folder, encoding: 'utf8', timeout: 60_000 });

test('its help names every verb in one line of 80 columns at most, with a program that is there', () => {
  const { status, stdout } = proctor('--help');
  expect(status).toBe(0);
  expect(proctor('help').stdout).toBe(stdout);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(VERBS.length).toBeGreaterThan(15);
  for (const { verb, summary, program, examples } of VERBS) {
    expect(stdout).toContain(`  ${verb} `);
    expect(stdout).toContain(summary);
    expect(existsSync(join(ROOT, program))).toBe(true);
    for (const example of examples) expect(`${example} `.startsWith(`${verb} `)).toBe(true);
  }
});

test.each(VERBS.map(({ verb }) => verb))('%s --help is its own usage', (verb) => {
  const { status, stdout } = proctor(...verb.split(' '), '--help');
  expect(stdout).toMatch(new RegExp(`^usage: \\./proctor ${verb}\\b`));
  expect(stdout).toMatch(/^exit: 0 |^ {2}--check/m);
  expect(status).toBe(0);
});

test.each([
  [['pln'], 'did you mean: plan'],
  [['stauts'], 'did you mean: status'],
  [['image', 'lock'], 'did you mean: images lock'],
  [['state'], 'did you mean: state doctor, state recover'],
  [['frobnicate'], 'see: ./proctor --help'],
])('%j is no verb, and what may have been meant is said', (words, hint) => {
  const { status, stderr } = proctor(...words);
  expect(stderr).toBe(`error: there is no verb ${words.join(' ')}\n  ${hint}\n`);
  expect(status).toBe(64);
});

test('the exit code of a verb is passed on', () => {
  expect(proctor('plan', '--no-such-option').status).toBe(64);
  expect(proctor('rollback').status).toBe(64);
});

test('bash completes verbs of one word and of two', () => {
  const script = join(folder, 'completion');
  writeFileSync(script, proctor('completion', 'bash').stdout);
  const completed = (...words: string[]) =>
    spawnSync(
      'bash',
      [
        '-c',
        `. ${script}; COMP_WORDS=(proctor ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _proctor; echo "\${COMPREPLY[*]}"`,
      ],
      { encoding: 'utf8' },
    ).stdout.trim();
  expect(completed('pl')).toBe('plan');
  expect(completed('state', '')).toBe('doctor recover');
  expect(completed('lab', 'd')).toBe('down');
  expect(proctor('completion', 'tcsh')).toMatchObject({ status: 64 });
});
