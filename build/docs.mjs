#!/usr/bin/env node
// Writes the generated pages of docs/; with --check only says which are not current: node build/docs.mjs [--check] [folder]
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Project } from 'ts-morph';
import { VERBS } from '../cli/verbs.mjs';
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
  // Twenty programs say what they can do; a copy of the sources alone, as the tests check, has none.
  if (!folder) pages['docs/commands.md'] = commandsPage(await Promise.all(VERBS.map(withHelp)));
  const stale = Object.keys(pages).filter((path) => textOf(path) !== pages[path]);
  if (!check) for (const path of stale) writeFileSync(join(root, path), pages[path]);
  else if (stale.length > 0) fail(`${stale.join(', ')}: not what the sources say\n  run: npm run docs`);
} catch (error) {
  fail(error.message);
}

/** A verb with what it says about itself. */
async function withHelp({ verb, summary }) {
  const { stdout } = await promisify(execFile)(join(project, 'proctor'), [...verb.split(' '), '--help']);
  return { verb, summary, help: stdout };
}

function textOf(path) {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function fail(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exitCode = 1;
}
