import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STEPS as RUN_STEPS } from '../../../add-ons/github/steps/main';
import { helpFor, shownExample } from '../../../cli/parse/help';
import { parse } from '../../../cli/parse/parse';
import { COMMON_EXITS, EXITS } from '../../../cli/table/exit-codes';
import { programOf } from '../../../cli/table/verb';
import { SHOWN, VERBS } from '../../../cli/verbs';
import { STEPS } from '../../../cli/verbs/github';
import { EXIT_CODES, EXIT_USAGE } from '../../../contract/outcome';

const root = join(__dirname, '../../..');
const verbs = VERBS.map((verb) => [verb.name, verb] as const);

describe.each(verbs)('%s', (name, verb) => {
  test('has a summary in one line, and examples that are its own', () => {
    expect(verb.summary).toMatch(/^[a-zS].{9,}[^.]$/);
    expect(verb.details).toMatch(/^[A-Z`].+[^.]$|\.$/);
    expect(verb.examples.length).toBeGreaterThan(0);
    for (const example of verb.examples) {
      const words = example.replace(/^([A-Z_]+=\S+ )*/, '').split(' ');
      expect(parse(words).verb.name).toBe(name);
    }
  });

  test('has a program to run, and says what it ends with', () => {
    expect(existsSync(join(root, 'cli', 'run', `${programOf(name)}.ts`))).toBe(true);
    expect(EXITS[name]?.[0]).toBeDefined();
  });

  test('has a help of at most 80 columns that names every option, example and exit code', () => {
    const help = helpFor(name.split(' '))!;
    expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(help).toMatch(new RegExp(`^usage: \\./proctor ${name}`));
    for (const option of Object.keys(verb.options)) expect(help).toContain(`  --${option}`);
    for (const example of verb.examples) expect(help).toContain(`  ${shownExample(example)}\n`);
    const inOneLine = help.replace(/\s+/g, ' ');
    for (const meaning of Object.values({ ...EXITS[name], ...COMMON_EXITS }))
      expect(inOneLine).toContain(meaning);
  });
});

test('the overview fits 80 columns and has every verb that is not hidden, with its summary', () => {
  const help = helpFor([])!;
  expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
  for (const { name, summary, hidden } of VERBS) {
    if (hidden) expect(help).not.toContain(`  ${name} `);
    else expect(help).toMatch(new RegExp(`^  ${name} +.{10}`, 'm'));
    expect(help.includes(summary)).toBe(!hidden);
  }
  expect(SHOWN.length).toBeGreaterThan(15);
});

test('one page has the exit codes of all, which are those of outcomes', () => {
  const page = helpFor(['exit-codes'])!;
  for (const { name } of SHOWN) expect(page).toContain(`\n${name}\n`.slice(name === 'plan' ? 1 : 0));
  for (const name of ['deploy', 'rollout', 'rollback']) {
    expect(Object.keys(EXITS[name]!)).toEqual(expect.arrayContaining(Object.values(EXIT_CODES).map(String)));
  }
  expect(COMMON_EXITS[EXIT_USAGE]).toBe('wrong usage');
  expect(Object.keys(EXITS).sort()).toEqual(VERBS.map(({ name }) => name).sort());
});

test('the steps of the workflows are those that there are', () => {
  expect([...STEPS].sort()).toEqual([...Object.keys(RUN_STEPS), 'images'].sort());
});

test('an example with a variable has it before the program', () => {
  expect(shownExample('IMAGE_TAG=v2 deploy --yes')).toBe('IMAGE_TAG=v2 ./proctor deploy --yes');
});

test('npm scripts of before are aliases of one line, and nothing else runs the project', () => {
  const { scripts, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(bin).toEqual({ proctor: 'proctor' });
  const aliases = Object.entries<string>(scripts).filter(([, command]) =>
    command.startsWith('node proctor '),
  );
  const names = VERBS.map(({ name }) => name);
  for (const [, command] of aliases) {
    expect([...names, 'github images']).toContain(command.replace('node proctor ', ''));
  }
  const used = readdirSync(join(root, '.github/workflows'))
    .map((file) => readFileSync(join(root, '.github/workflows', file), 'utf8'))
    .join('');
  expect(used).not.toContain('build/run.mjs');
  expect(aliases.length).toBeGreaterThan(15);
});
