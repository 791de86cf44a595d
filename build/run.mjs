#!/usr/bin/env node
// Runs a TypeScript program that is no verb of ./proctor, such as the one that records plans for the tests:
// node build/run.mjs FILE.ts [arguments]. Bundled each time, never stale.
import { spawn } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundle, COMMON } from './bundle.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [file, ...rest] = process.argv.slice(2);
if (!file) {
  process.stderr.write('usage: node build/run.mjs FILE.ts [arguments]\n');
  process.exit(64);
}
process.chdir(root);
const outfile = join(root, 'dist', 'run', `${basename(dirname(file))}-${basename(file, '.ts')}.js`);
await Promise.all([
  bundle(root, join(root, 'dist')),
  build({ ...COMMON, absWorkingDir: root, entryPoints: [file], outfile, sourcemap: 'inline' }),
]);
const child = spawn(process.execPath, ['--enable-source-maps', outfile, ...rest], { stdio: 'inherit' });
// A terminal sends it to the program, too, which decides what to do. Where there is none, as in a CI job, nobody else does.
process.on('SIGINT', () => {
  if (!process.stdin.isTTY) child.kill('SIGINT');
});
for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
child.on('exit', (status, signal) => process.exit(status ?? (signal === 'SIGINT' ? 130 : 143)));
