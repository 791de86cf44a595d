#!/usr/bin/env node
// Writes the generated pages of docs/; with --check only says which are not current: node build/docs.mjs [--check] [folder]
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Project } from 'ts-morph';
import { cataloguePage } from './docs/catalogue.mjs';
import { rulesPage } from './docs/rules.mjs';

const check = process.argv.includes('--check');
const folder = process.argv.slice(2).find((argument) => argument !== '--check');
const root = resolve(folder ?? dirname(dirname(fileURLToPath(import.meta.url))));

// Doc comments alone: without libraries and types the parser is there at once.
const project = new Project({ skipAddingFilesFromTsConfig: true, skipFileDependencyResolution: true });
const source = (path) =>
  project.getSourceFile(join(root, path)) ?? project.addSourceFileAtPath(join(root, path));

try {
  const pages = { 'docs/catalogue.md': cataloguePage(source), 'docs/rules.md': rulesPage(source) };
  const stale = Object.keys(pages).filter((path) => textOf(path) !== pages[path]);
  if (!check) for (const path of stale) writeFileSync(join(root, path), pages[path]);
  else if (stale.length > 0) fail(`${stale.join(', ')}: not what the doc comments say\n  run: npm run docs`);
} catch (error) {
  fail(error.message);
}

function textOf(path) {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function fail(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exitCode = 1;
}
