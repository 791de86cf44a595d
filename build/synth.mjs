#!/usr/bin/env node
// Synthesizes the platform: checks the types, bundles, runs main.ts and replaces the output folder when all of it worked.
// cdktf runs it (cdktf.json), with the output folder in CDKTF_OUTDIR; so do people, with `./proctor synth`.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

let fresh;
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 9)) {
  fail(`Node.js ${process.versions.node} is too old\n  install Node.js 20.9 or newer, for example 22`);
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = resolve(root, process.env.CDKTF_OUTDIR || 'cdktf.out');
process.chdir(root);
if (!existsSync(join(root, 'node_modules', 'esbuild'))) {
  fail('the packages are not installed\n  run: npm ci');
}

const types = checkTypes();
const { bundle } = await import('./bundle.mjs');
const { replaceFolder, temporaryFolder } = await import('./output-folder.mjs');

try {
  fresh = temporaryFolder(out);
  await bundle(root, join(root, 'dist'));
  synthesize(fresh.path);
  const errors = await types;
  if (errors) fail(`the types do not fit, nothing was synthesized\n${errors}`);
  replaceFolder(fresh.path, out, { lockFile: join(root, '.terraform.lock.hcl') });
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
  const child = spawn(program, [...options, '--noEmit', '--pretty', 'false', '-p', 'tsconfig.synth.json'], {
    cwd: root,
    // Its collector takes a quarter of its time for memory that ends with it, some 90 MB; a larger heap is collected.
    env: { ...process.env, GOGC: 'off', GOMEMLIMIT: '1GiB' },
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return new Promise((done) => {
    child.on('error', (error) => done(String(error)));
    child.on('close', (code) => done(code === 0 ? '' : output.trim() || `tsc ended with ${code}`));
  });
}

/** The native compiler itself where there is one: a Node.js that only starts it costs as much as half the check. */
async function compiler() {
  const typescript = join(root, 'node_modules', 'typescript');
  try {
    const { default: nativePath } = await import(pathToFileURL(join(typescript, 'lib', 'getExePath.js')));
    // Its threads check what they share once each, which pays only with cores to spare beside the bundling.
    return [nativePath(), ...(availableParallelism() > 2 ? [] : ['--singleThreaded'])];
  } catch {
    return [process.execPath, join(typescript, 'bin', 'tsc')];
  }
}

function synthesize(folder) {
  process.env.CDKTF_OUTDIR = folder;
  createRequire(import.meta.url)(join(root, 'dist', 'main.js'));
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
