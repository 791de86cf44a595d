import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { olderVersion } from '../../../../proof/upgrade/older';

const root = mkdtempSync(join(tmpdir(), 'versions-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const git = (...args: string[]) =>
  execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
    stdio: 'pipe',
  });
const commit = (text: string) => {
  writeFileSync(join(root, 'package.json'), JSON.stringify({ dependencies: { one: '1.0.0' } }));
  writeFileSync(
    join(root, 'proctor'),
    `console.log('${text}', process.argv.slice(2).join(' '), process.cwd());`,
  );
  git('add', '.');
  git('commit', '--quiet', '--message', text);
};

beforeAll(() => {
  git('init', '--quiet');
  commit('older');
  git('tag', 'v1');
  commit('newer');
  mkdirSync(join(root, 'node_modules'));
});

test('a tag is laid out beside the project, with its packages, and runs there', async () => {
  const older = await olderVersion(root, 'v1');
  expect(readFileSync(join(older.folder, 'proctor'), 'utf8')).toContain('older');
  expect(lstatSync(join(older.folder, 'node_modules')).isSymbolicLink()).toBe(true);
  expect(await older.proctor('lab', 'up')).toBe(`older lab up ${older.folder}\n`);
  older.remove();
  expect(existsSync(older.folder)).toBe(false);
});

test.each(['v2', '--help'])('%s is no tag', async (tag) => {
  await expect(olderVersion(root, tag)).rejects.toThrow(`there is no tag ${tag}`);
});
