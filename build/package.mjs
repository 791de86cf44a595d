#!/usr/bin/env node
// Compiles the library and the command line into lib/, with the library's assets and the scripts that run beside Terraform:
// npm does it before `npm pack`.
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packScripts } from './bundle.mjs';

/** npx takes what is installed, and so never runs a registry's package of that name. */
const PROGRAM = 'npx --no-install proctor';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lib = join(root, 'lib');
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

rmSync(lib, { recursive: true, force: true });
for (const project of ['tsconfig.lib.json', 'tsconfig.cli.json']) {
  execFileSync(process.execPath, [tsc, '-p', project], { cwd: root, stdio: 'inherit' });
}
cpSync(join(root, 'constructs/assets'), join(lib, 'constructs/assets'), {
  recursive: true,
  filter: (path) => extname(path) !== '.ts',
});
await packScripts(root, join(lib, 'scripts'));
// build/project/installed.mjs says where the catalogue of the project is.
write('services.config.js', "module.exports = require(globalThis[Symbol.for('proctor.catalogue')]);\n");
write('cli/table/program.js', `exports.PROGRAM = '${PROGRAM}';\nexports.IN_CLONE = false;\n`);
for (const name of readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((one) =>
  one.endsWith('.js'),
)) {
  const text = readFileSync(join(lib, name), 'utf8');
  // At the begin of a command, not in a path.
  const said = text.replaceAll(/(?<![\w./])\.\/proctor\b/g, PROGRAM);
  if (said !== text) write(name, said);
}

function write(name, text) {
  writeFileSync(join(lib, name), text);
}
