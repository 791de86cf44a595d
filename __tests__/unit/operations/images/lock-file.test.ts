import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLock, writeLock } from '../../../../operations/images/lock-file';
import { digestOf } from './fake-registry';

const folder = mkdtempSync(join(tmpdir(), 'images-lock-'));
const path = join(folder, 'images.lock.json');
afterAll(() => rmSync(folder, { recursive: true }));

test('a file that is not there is an empty lock', () => {
  expect(readLock(join(folder, 'none.json'))).toEqual({});
});

test('what is written is sorted, ends with a line break, is read back, and leaves nothing beside it', () => {
  writeLock(path, { 'nginx:1.30': digestOf('b'), 'mariadb:10.11': digestOf('a') });
  expect(readFileSync(path, 'utf8')).toBe(
    `{\n  "mariadb:10.11": "${digestOf('a')}",\n  "nginx:1.30": "${digestOf('b')}"\n}\n`,
  );
  expect(readLock(path)).toEqual({ 'mariadb:10.11': digestOf('a'), 'nginx:1.30': digestOf('b') });
  expect(readdirSync(folder)).toEqual(['images.lock.json']);
});

test('a write that fails leaves the folder as it was', () => {
  // A folder cannot be replaced by a file, so the last step fails.
  expect(() => writeLock(folder, {})).toThrow();
  expect(readdirSync(tmpdir()).filter((name) => name.includes(`.new-${process.pid}`))).toEqual([]);
});

test.each([
  ['{', 'is not JSON\n  take it back from git'],
  ['[]', 'is not a list of digests\n  remove it'],
  ['null', 'is not a list of digests\n  remove it'],
  ['{"nginx:1.30":"latest"}', 'has no digest for nginx:1.30, but "latest"\n  remove the line'],
  ['{"nginx:1.30":7}', 'has no digest for nginx:1.30, but 7\n  remove the line'],
])('%s is refused with what to do', (text, message) => {
  const broken = join(folder, 'broken.json');
  writeFileSync(broken, text);
  expect(() => readLock(broken)).toThrow(`${broken} ${message}`);
});
