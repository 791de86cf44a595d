#!/usr/bin/env node
// Compiles the library into lib/, with its assets and the scripts that run beside Terraform: npm does it before `npm pack`.
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packScripts } from './bundle.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lib = join(root, 'lib');
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

rmSync(lib, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.lib.json'], { cwd: root, stdio: 'inherit' });
cpSync(join(root, 'constructs/assets'), join(lib, 'constructs/assets'), {
  recursive: true,
  filter: (path) => extname(path) !== '.ts',
});
await packScripts(root, join(lib, 'scripts'));
