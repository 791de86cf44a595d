#!/usr/bin/env node
// Runs the tests of the constructs with cdktn, the maintained fork, in the place of cdktf: node build/test-cdktn.mjs
//
// HashiCorp archived cdktf in December 2025. To change over is one line in package.json, `"cdktf": "npm:cdktn@<version>"`,
// and an override of the same words for the providers' bindings; this proves that the line would do. It makes a copy of
// the project in a temporary folder, installs there with that line (the project's own node_modules stay as they are) and
// runs the tests that touch cdktf. They compare parsed JSON without cdktf's comments ("//", with its version in it), so
// that the very same snapshot must fit; it is never written here (`--ci`).
//
//   node build/test-cdktn.mjs [arguments for jest]    needs npm and its registry (or cache); about a minute
//   KEEP=1 …                                          leaves the folder for a look
//
// Ends with the status of jest; 1 when the install fails.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CDKTN = 'npm:cdktn@0.24.0';
/** What the tests need from the registry besides; not the CLI, which is another program, nor the linter. */
const NOT_NEEDED = ['cdktf-cli', '@biomejs/biome'];
/** Tests of what the fork could change; what providers make of the same JSON is not tried again. */
const TOUCHED = ['unit/constructs/', 'real/constructs/compose', 'real/build/synth'];
const LEFT_OUT = [
  'node_modules',
  'dist',
  'cdktf.out',
  'compose',
  'coverage',
  '.git',
  '.lab',
  'package-lock.json',
];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'cdktn-'));
let status = 1;
try {
  status = run();
} finally {
  if (process.env.KEEP) console.log(`kept: ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}
process.exit(status);

function run() {
  cpSync(root, folder, {
    recursive: true,
    filter: (path) =>
      path === root || (!LEFT_OUT.includes(basename(path)) && !basename(path).startsWith('cdktf.out')),
  });
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  manifest.dependencies.cdktf = CDKTN;
  // The bindings name cdktf as a peer: they get the fork, too.
  manifest.overrides = { cdktf: '$cdktf' };
  for (const name of NOT_NEEDED) delete manifest.devDependencies[name];
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);

  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline'];
  const installed = command('npm', ['install', ...flags]);
  if (installed !== 0) {
    console.error(`error: npm install ended with ${installed}\n  its own message is above`);
    return 1;
  }
  const { name, version } = JSON.parse(readFileSync(join(folder, 'node_modules/cdktf/package.json'), 'utf8'));
  if (name !== 'cdktn') {
    console.error(
      `error: node_modules/cdktf is ${name}, not cdktn\n  the alias in build/test-cdktn.mjs has no effect`,
    );
    return 1;
  }
  console.log(`cdktf is ${name} ${version}`);
  const jest = join(folder, 'node_modules/jest/bin/jest.js');
  const options = ['--ci', '--selectProjects', 'unit', 'real', '--testTimeout', '180000'];
  return command(process.execPath, [jest, ...options, ...TOUCHED, ...process.argv.slice(2)]);
}

function command(program, args) {
  const { status: code, error } = spawnSync(program, args, { cwd: folder, stdio: 'inherit' });
  if (error) console.error(`error: ${program}: ${error.message}`);
  return code ?? 1;
}
