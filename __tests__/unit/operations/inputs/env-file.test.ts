import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  envFileOf,
  envLine,
  judgeEnvFile,
  parseEnvFile,
  readEnvFile,
} from '../../../../operations/inputs/env-file';

const parse = (text: string) => parseEnvFile(text, '.env');

test('reads plain, quoted and exported values, comments and empty lines', () => {
  const text = [
    '# made by hand',
    '',
    'TF_VAR_a=plain-Value_1.2/3:4,5@6+7=',
    "export TF_VAR_b='with # and $ and \" and `'",
    'TF_VAR_c="with spaces # too"',
    "TF_VAR_d='it'\\''s'  ",
    'TF_VAR_e=',
  ].join('\n');
  expect(parse(text)).toEqual({
    TF_VAR_a: 'plain-Value_1.2/3:4,5@6+7=',
    TF_VAR_b: 'with # and $ and " and `',
    TF_VAR_c: 'with spaces # too',
    TF_VAR_d: "it's",
    TF_VAR_e: '',
  });
});

test('Windows line ends, a byte order mark and a missing last line end change no value', () => {
  expect(parse('\uFEFFA=one\r\nB=\'two\'\r\nC="three"')).toEqual({ A: 'one', B: 'two', C: 'three' });
});

test('a value means what it means in a shell that sources the file', () => {
  const values = [
    'plain',
    'it\'s 50% \\ #;-- `$x` "q"',
    'a b',
    "'",
    '',
    "-----BEGIN\n\n# it's\nA=b\nEND-----",
  ];
  const file = values.map((value, index) => envLine(`V${index}`, value)).join('\n');
  const printed = values.map((_, index) => `"$V${index}"`).join(' ');
  const seen = execFileSync('sh', ['-c', `eval "$1"; printf '%s\\n' ${printed}`, 'sh', file], {
    encoding: 'utf8',
  });
  expect(seen).toBe(values.map((value) => `${value}\n`).join(''));
  expect(Object.values(parse(file))).toEqual(values);
});

test.each([
  ['cut at a # by dotenv', 'A=geheim#2'],
  ['expanded by a shell', 'A=geheim$2'],
  ['expanded inside double quotes', 'A="geheim$2"'],
  ['unescaped in double quotes', 'A="geheim\\n"'],
  ['split at a space', 'A=geheim zwei'],
  ['left open', "A='geheim"],
])('a value that would be %s is refused, with its line and without itself', (_, line) => {
  expect(() => parse(`# first\n${line}`)).toThrow(
    /^\.env, line 2: A: programs read this value.*\n.*single quotes/,
  );
  expect(() => parse(line)).not.toThrow(/geheim/);
});

test('a value in single quotes may have several lines, and those after it keep their numbers', () => {
  expect(parse("A='one\r\ntwo'\r\nB=3")).toEqual({ A: 'one\ntwo', B: '3' });
  expect(() => parse("A='one\ntwo'\nA=3")).toThrow(
    /^\.env, line 3: A is given a second time, first in line 1\n/,
  );
  expect(() => parse("A='one\nB='two'\nC=3")).toThrow(/^\.env, line 1: A: programs read/);
});

test('a name that is given twice is refused with both lines', () => {
  expect(() => parse('A=1\n\nA=2')).toThrow(/^\.env, line 3: A is given a second time, first in line 1\n/);
});

test('a line that is nothing of the kind is refused', () => {
  expect(() => parse('geheim')).toThrow(/^\.env, line 1 is not NAME=value\n/);
  expect(() => parse('geheim')).not.toThrow(/geheim/);
});

test('each environment has a file of its own', () => {
  expect([envFileOf('production'), envFileOf('staging')]).toEqual(['.env', '.env.staging']);
});

describe('the file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'env-file-'));
  const file = join(folder, '.env');
  afterAll(() => rmSync(folder, { recursive: true }));
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'pipe' });
  const judged = () => judgeEnvFile(file).map(({ level, text }) => `${level}: ${text}`);

  test('that is not there says and gives nothing', () => {
    expect([readEnvFile(file), judged()]).toEqual([{}, []]);
  });

  test('that its owner alone reads, outside git, is fine', () => {
    writeFileSync(file, 'A=1\n', { mode: 0o600 });
    expect([readEnvFile(file), judged()]).toEqual([{ A: '1' }, []]);
  });

  test('that others read is a warning', () => {
    chmodSync(file, 0o640);
    expect(judged()).toEqual(['warning: other users of this machine can read .env']);
    chmodSync(file, 0o600);
  });

  test('that git would take is a warning, one that git ignores is none, one that git has is a failure', () => {
    git('init', '--quiet');
    expect(judged()).toEqual(['warning: git would take .env']);
    writeFileSync(join(folder, '.gitignore'), '.env\n');
    expect(judged()).toEqual([]);
    git('add', '--force', '.env');
    expect(judged()).toEqual(['failure: .env is in git']);
  });
});
