#!/usr/bin/env node
// Synthesizes the platform: checks the types, bundles, runs main.ts and replaces the output folder when all of it worked.
// cdktf runs it (cdktf.json), with the output folder in CDKTF_OUTDIR; so do people, with `./proctor synth`.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { isClone, projectFolder } from './project/place.mjs';
import { checkTypes } from './types/check.mjs';

// cdktf asks `util.isArray`, of which Node.js 22 and later warn in each run: nothing that whoever runs this could mend.
process.noDeprecation = true;

let fresh;
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 9)) {
  fail(`Node.js ${process.versions.node} is too old\n  install Node.js 20.9 or newer, for example 22`);
}

const root = whereTheCatalogueIs();
const out = resolve(root, process.env.CDKTF_OUTDIR || 'cdktf.out');
process.chdir(root);
const require = createRequire(join(root, 'package.json'));
if (isClone && !existsSync(join(root, 'node_modules', 'esbuild'))) {
  fail('the packages are not installed\n  run: npm ci --ignore-scripts');
}
const typescript =
  findTypeScript() ?? fail('TypeScript is not installed\n  run: npm install --save-dev typescript');

const types = checkTypes({ root, out, typescript, isClone });
const { replaceFolder, temporaryFolder } = await import('./output-folder.mjs');

try {
  fresh = temporaryFolder(out);
  process.env.CDKTF_OUTDIR = fresh.path;
  await (isClone ? synthesize() : synthesizeInstalled());
  const errors = await types;
  if (errors) fail(`the types do not fit, nothing was synthesized\n${errors}`);
  replaceFolder(fresh.path, out, { lockFile: join(root, '.terraform.lock.hcl') });
  const { keepStatesPrivate } = await import('./private-state.mjs');
  keepStatesPrivate(out, (words) => process.stderr.write(`warning: ${words}\n`));
} catch (error) {
  const errors = await types;
  // A wrong type is most often what made the program stumble: it says where.
  fail(errors ? `the types do not fit, nothing was synthesized\n${errors}` : explain(error));
} finally {
  fresh?.remove();
}

function findTypeScript() {
  try {
    return dirname(require.resolve('typescript/package.json'));
  } catch {
    return undefined;
  }
}

function whereTheCatalogueIs() {
  try {
    return projectFolder();
  } catch (error) {
    return fail(error.message);
  }
}

async function synthesize() {
  const { bundle } = await import('./bundle.mjs');
  await bundle(root, join(root, 'dist'));
  require(join(root, 'dist', 'main.js'));
}

/** In a project that installed the package. */
async function synthesizeInstalled() {
  const { bringCatalogue, synthesizeProject } = await import('./project/installed.mjs');
  await bringCatalogue(root);
  await synthesizeProject(root);
}

function explain(error) {
  if (error?.code === 'ENOSPC') {
    return `no space left on the disk: ${error.path ?? out}\n  free some; the folder ${out} is as it was`;
  }
  const message = error instanceof Error ? error.message : String(error);
  // cdktf's advice to skip what it has just found.
  return message.replace(/\n+If you wish to ignore these validations.*\n*/, '');
}

function fail(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exitCode = 1;
  fresh?.remove();
  process.exit(1);
}
