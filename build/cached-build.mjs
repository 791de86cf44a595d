import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const require = createRequire(import.meta.url);

// Loaded only when something is built: most runs find all built already. Required, since an import would parse it twice.
export const esbuild = async () => require('esbuild');
const { version } = require('esbuild/package.json');

let hasBuilt = false;

/** Nothing more is built: ends the builder, which Ctrl-C in a terminal would hit, too. */
export async function endBundling() {
  if (hasBuilt) await (await esbuild()).stop();
}

/** What decides where an import leads, besides the files themselves. */
const RESOLUTION = ['package.json', 'package-lock.json', 'tsconfig.json'];

/** Builds unless `record` says that options, inputs and outputs are, byte for byte, those of the build before. */
export async function cachedBuild(root, record, options) {
  const how = createHash('sha256').update(version).update(JSON.stringify(options)).digest('hex');
  const before = readRecord(record);
  if (
    before?.how === how &&
    Object.entries(before.files).every(([file, hash]) => hashOf(root, file) === hash)
  ) {
    return;
  }
  const { build } = await esbuild();
  hasBuilt = true;
  const { inputs, outputs } = (await build({ ...options, metafile: true })).metafile;
  const files = [...Object.keys(inputs), ...Object.keys(outputs), ...RESOLUTION].filter(
    // Nothing runs differently without a source map.
    (file) => file !== '<stdin>' && !file.endsWith('.map'),
  );
  const entries = files.map((file) => [file, hashOf(root, file)]);
  const fresh = `${record}.${process.pid}`;
  writeFileSync(fresh, JSON.stringify({ how, files: Object.fromEntries(entries) }));
  renameSync(fresh, record);
}

function readRecord(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // None, or half of one: rebuilt.
    return undefined;
  }
}

function hashOf(root, file) {
  const path = resolve(root, file);
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'none';
}
