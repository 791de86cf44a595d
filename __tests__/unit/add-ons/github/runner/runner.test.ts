import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Runner } from '../../../../../add-ons/github/runner/runner';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runner-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function runner(env: Record<string, string>) {
  let said = '';
  const one = new Runner(env, (text) => {
    said += text;
  });
  return { one, said: () => said };
}

test('a line that others wrote gives the runner no order', () => {
  const { one, said } = runner({ GITHUB_ACTIONS: 'true' });
  one.say('::set-output name=x::y\n  ::add-mask::a\n##[error]b');
  expect(said()).toBe(': :set-output name=x::y\n  : :add-mask::a\n# #[error]b\n');
});

test('a fault is one annotation, whatever is in it', () => {
  const { one, said } = runner({ GITHUB_ACTIONS: 'true' });
  one.fault({ what: '100% wrong\r\n::error::b', remedy: 'mend it', subject: 'a:b,c' });
  expect(said()).toBe('::error title=a%3Ab%2Cc::100%25 wrong%0D%0A::error::b%0Amend it\n');
});

test('a person reads two lines', () => {
  const { one, said } = runner({});
  one.fault({ what: 'it is wrong', remedy: 'mend it', subject: 'x' });
  expect(said()).toBe('error: it is wrong\n  mend it\n');
});

test('a value ends where it ends, and sets nothing else', () => {
  const file = join(folder, 'env');
  writeFileSync(file, '');
  runner({ GITHUB_ENV: file }).one.setVariable('A', 'x\nend-1\nB=y\nA<<end-1');
  const [, end] = /^A<<(\S+)\n/.exec(readFileSync(file, 'utf8'))!;
  expect(readFileSync(file, 'utf8')).toBe(`A<<${end}\nx\nend-1\nB=y\nA<<end-1\n${end}\n`);
  expect(end).toMatch(/^end-[0-9a-f-]{36}$/);
});
