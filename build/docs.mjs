#!/usr/bin/env node
// Writes the generated pages of docs/; with --check only says which are not current: node build/docs.mjs [--check] [folder]
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Project } from 'ts-morph';
import { bundleProgram } from './bundle.mjs';
import { cataloguePage } from './docs/catalogue.mjs';
import { commandsPage } from './docs/commands.mjs';
import { rulesPage } from './docs/rules.mjs';

const check = process.argv.includes('--check');
const folder = process.argv.slice(2).find((argument) => argument !== '--check');
const project = dirname(dirname(fileURLToPath(import.meta.url)));
const root = resolve(folder ?? project);

// Doc comments alone: without libraries and types the parser is there at once.
const sources = new Project({ skipAddingFilesFromTsConfig: true, skipFileDependencyResolution: true });
const source = (path) =>
  sources.getSourceFile(join(root, path)) ?? sources.addSourceFileAtPath(join(root, path));

try {
  const pages = { 'docs/catalogue.md': cataloguePage(source), 'docs/rules.md': rulesPage(source) };
  // A copy of the sources alone, as the tests check, has no command line.
  if (!folder) pages['docs/commands.md'] = commandsPage(await readVerbs());
  const stale = Object.keys(pages).filter((path) => textOf(path) !== pages[path]);
  if (!check) for (const path of stale) writeFileSync(join(root, path), pages[path]);
  else if (stale.length > 0) fail(`${stale.join(', ')}: not what the sources say\n  run: npm run docs`);
} catch (error) {
  fail(error.message);
}

/** The verbs, with what they say about themselves. */
async function readVerbs() {
  const program = await bundleProgram(
    project,
    'cli/parse/reference.ts',
    join(project, 'dist/cli/reference.js'),
  );
  return createRequire(import.meta.url)(program).reference();
}

function textOf(path) {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function fail(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exitCode = 1;
}
