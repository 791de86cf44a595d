import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './measure.mjs';

/** What is made, not written; and what TypeScript 5.9 takes the place of. */
const MADE = /^(node_modules|dist|coverage|compose|cdktf\.out.*|\..*|.*\.tfstate.*)$/;
const REPLACED = ['.bin', '.cache', '.package-lock.json', 'typescript', '@typescript', 'ts-node'];

/** A copy of the project, so that the catalogue can be edited. Its packages are the project's own. */
export function copyProject(root, folder) {
  copySources(root, folder);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
}

/** The same project as cdktf's own templates have it: `cdktf synth`, which runs main.ts under ts-node. */
export async function copyForTsNode(root, folder) {
  copySources(root, folder);
  const config = JSON.parse(readFileSync(join(folder, 'cdktf.json'), 'utf8'));
  writeFileSync(join(folder, 'cdktf.json'), JSON.stringify({ ...config, app: 'npx ts-node main.ts' }));
  const tools = join(folder, 'node_modules');
  const manifest = readFileSync(join(folder, 'package.json'));
  // ts-node does not work with TypeScript 7.
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
  await run('npm', [...install, 'ts-node@10.9.2', 'typescript@5.9.3'], { cwd: folder, timeout: 60_000 });
  writeFileSync(join(folder, 'package.json'), manifest);
  linkPackages(join(root, 'node_modules'), tools);
}

function copySources(root, folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(root).filter((entry) => !MADE.test(entry))) {
    if (name !== 'package-lock.json') cpSync(join(root, name), join(folder, name), { recursive: true });
  }
}

function linkPackages(from, to) {
  for (const name of readdirSync(from).filter((entry) => !REPLACED.includes(entry))) {
    const names = name.startsWith('@')
      ? readdirSync(join(from, name)).map((part) => join(name, part))
      : [name];
    if (name.startsWith('@')) mkdirSync(join(to, name), { recursive: true });
    const there = new Set(
      name.startsWith('@') ? readdirSync(join(to, name)).map((part) => join(name, part)) : readdirSync(to),
    );
    for (const one of names.filter((entry) => !there.has(entry))) symlinkSync(join(from, one), join(to, one));
  }
}

/** Gives the first service with settings one more, and returns what the stack must then contain. */
export function editCatalogue(folder, round) {
  const path = join(folder, 'services.config.ts');
  const text = readFileSync(path, 'utf8').replace(/BENCH_ROUND: '\d+', /, '');
  const edited = text.replace('settings: { ', `settings: { BENCH_ROUND: '${round}', `);
  if (edited === text) throw new Error('services.config.ts has no "settings: {" to edit');
  writeFileSync(path, edited);
  return `BENCH_ROUND=${round}`;
}

/** @throws when the synthesized stack does not hold the edit: it would be of an older catalogue */
export function expectInStack(folder, text) {
  const stacks = join(folder, 'cdktf.out', 'stacks');
  const found = readdirSync(stacks).some((stack) =>
    readFileSync(join(stacks, stack, 'cdk.tf.json'), 'utf8').includes(text),
  );
  if (!found) throw new Error(`the stack in ${folder} does not have ${text}: it is stale`);
}
