import { execFileSync } from 'node:child_process';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeEnvEntry } from '../../../../operations/secrets/env-write';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'env-write-'));
  file = join(folder, '.env');
});
afterEach(() => rmSync(folder, { recursive: true }));

const now = new Date('2026-11-24T08:30:15Z');
const write = (name: string, value: string, replace = false) =>
  writeEnvEntry(file, { name, value, replace, now });
const text = () => readFileSync(file, 'utf8');
const mode = () => statSync(file).mode & 0o777;

test('makes a file that its owner alone reads', () => {
  write('TF_VAR_a', 'it is');
  expect([text(), mode()]).toEqual(["TF_VAR_a='it is'\n", 0o600]);
});

test('adds to what is there, whatever its last line ends with, and closes it to others', () => {
  writeFileSync(file, '# mine\nVPS_HOST=example.com', { mode: 0o644 });
  write('TF_VAR_a', 'one');
  expect([text(), mode()]).toEqual(['# mine\nVPS_HOST=example.com\nTF_VAR_a=one\n', 0o600]);
});

test('replaces only when that is meant, and keeps the older value for the way back', () => {
  writeFileSync(file, "export TF_VAR_a='o n e'\nTF_VAR_ab=x\n");
  expect(() => write('TF_VAR_a', 'two')).toThrow(/^\.env has TF_VAR_a already\n {2}add --replace/);
  expect(text()).toBe("export TF_VAR_a='o n e'\nTF_VAR_ab=x\n");
  write('TF_VAR_a', 'two', true);
  expect(text()).toBe("# until 2026-11-24T08:30Z: export TF_VAR_a='o n e'\nTF_VAR_ab=x\nTF_VAR_a=two\n");
});

test('a value of several lines goes into a comment whole', () => {
  write('TF_VAR_a', 'one\ntwo\nthree');
  write('TF_VAR_b', 'x');
  write('TF_VAR_a', 'four', true);
  expect(text()).toBe(
    "# until 2026-11-24T08:30Z: TF_VAR_a='one\n# two\n# three'\nTF_VAR_b=x\nTF_VAR_a=four\n",
  );
});

test('a file that it does not understand stays as it is', () => {
  writeFileSync(file, 'TF_VAR_a=x y\n');
  expect(() => write('TF_VAR_b', 'two')).toThrow(/line 1/);
  expect(text()).toBe('TF_VAR_a=x y\n');
});

test('a link stays a link', () => {
  const target = join(folder, 'elsewhere');
  writeFileSync(target, '');
  symlinkSync(target, file);
  write('TF_VAR_a', 'one');
  expect([readlinkSync(file), readFileSync(target, 'utf8')]).toEqual([target, 'TF_VAR_a=one\n']);
});

test('writes nothing that git would take', () => {
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  writeFileSync(file, '');
  expect(() => write('TF_VAR_a', 'one')).toThrow(/^git would take \.env, nothing was written\n/);
  writeFileSync(join(folder, '.gitignore'), '.env*\n');
  write('TF_VAR_a', 'one');
  execFileSync('git', ['add', '--force', '.env'], { cwd: folder });
  expect(() => write('TF_VAR_b', 'two')).toThrow(/^\.env is in git, nothing was written\n/);
  expect(text()).toBe('TF_VAR_a=one\n');
  expect(readdirSync(folder).sort()).toEqual(['.env', '.git', '.gitignore']);
});
