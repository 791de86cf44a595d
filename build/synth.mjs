#!/usr/bin/env node
// Synthesizes the platform: checks the types, bundles, runs main.ts and replaces the output folder when all of it worked.
// cdktf runs it (cdktf.json), with the output folder in CDKTF_OUTDIR; so do people, with `./proctor synth`.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isClone, projectFolder } from './project/place.mjs';

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

const types = checkTypes();
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

/** TypeScript's compiler on the whole program, beside the bundling. Resolves to its errors, or nothing. */
async function checkTypes() {
  const [program, ...options] = await compiler();
  const what = [...howToRemember(), ...whatToCheck()];
  const child = spawn(program, [...options, '--noEmit', '--pretty', 'false', ...what], {
    cwd: root,
    // Its collector takes a quarter of its time for memory that ends with it, some 90 MB; a larger heap is collected.
    env: { ...process.env, GOGC: 'off', GOMEMLIMIT: '1GiB' },
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return new Promise((done) => {
    child.on('error', (error) => done(String(error)));
    child.on('close', (code) => {
      // What it could not remember it finds out again the next time.
      const errors = output.split('\n').filter((line) => line.trim() && !line.startsWith('error TS5033:'));
      done(
        code === 0 || (output && errors.length === 0) ? '' : errors.join('\n') || `tsc ended with ${code}`,
      );
    });
  });
}

/** The native compiler itself where there is one: a Node.js that only starts it costs as much as half the check. */
async function compiler() {
  try {
    const { default: nativePath } = await import(pathToFileURL(join(typescript, 'lib', 'getExePath.js')));
    // Its threads check what they share once each, which pays only with cores to spare beside the bundling.
    return [nativePath(), ...(availableParallelism() > 2 ? [] : ['--singleThreaded'])];
  } catch {
    return [process.execPath, join(typescript, 'bin', 'tsc')];
  }
}

/**
 * What the compiler found out the last time, beside what it read then: unchanged files are not checked again. For each
 * output folder, since two may be written at the same time.
 */
function howToRemember() {
  const folder = isClone ? join(root, 'dist') : join(root, 'node_modules', '.cache', 'proctorwise-swarm');
  const name = createHash('sha256').update(`${out} ${process.version}`).digest('hex').slice(0, 10);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return ['--incremental', '--tsBuildInfoFile', join(folder, `types-${name}.tsbuildinfo`)];
  } catch {
    return [];
  }
}

/** A project that has no tsconfig.json gets what catalogues are written for. */
function whatToCheck() {
  if (isClone) return ['-p', 'tsconfig.synth.json'];
  if (existsSync(join(root, 'tsconfig.json'))) return ['-p', 'tsconfig.json'];
  const sources = ['services.config.ts', 'main.ts'].filter((name) => existsSync(join(root, name)));
  return ['--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'node16', ...sources];
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
