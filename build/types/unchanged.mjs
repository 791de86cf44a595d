import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';

/**
 * Whether a check that went well would read the same again: then it need not run. To start the compiler, and to have it read
 * some 800 files, is what an incremental check costs.
 *
 * @param stamp what `remember` left
 * @param how what the compiler is told, with its version
 */
export function isUnchanged(stamp, how) {
  try {
    const was = JSON.parse(readFileSync(stamp, 'utf8'));
    return was.how === how && was.missing.every((path) => !existsSync(path)) && same(was.seen);
  } catch {
    return false;
  }
}

const same = (seen) => Object.entries(seen).every(([path, then]) => sightOf(path) === then);

/**
 * Keeps what a check that went well has read, as the compiler says it. It keeps nothing where something was changed since the
 * check began.
 *
 * @param began milliseconds since 1970
 */
export function remember(stamp, how, { info, root, began }) {
  try {
    const { fileNames, packageJsons = [], missingPackageJsons = [] } = JSON.parse(readFileSync(info, 'utf8'));
    const full = (name) => resolve(dirname(info), name);
    // Those of the compiler itself have no folder, and its version.
    const files = [...fileNames.filter((name) => name.includes('/')), ...packageJsons].map(full);
    const paths = [...new Set([...files, ...files.flatMap((file) => foldersOf(file, root))])];
    if (files.some((path) => lstatSync(path).ctimeMs >= began)) return;
    const seen = Object.fromEntries(paths.map((path) => [path, sightOf(path)]));
    writeFileSync(stamp, JSON.stringify({ how, seen, missing: missingPackageJsons.map(full) }));
  } catch {
    // The next check finds it out again.
    rmSync(stamp, { force: true });
  }
}

/** Where something may be found instead of a file, or beside it. */
function foldersOf(file, root) {
  const isLookedAt = (path) =>
    `${path}${sep}`.startsWith(`${root}${sep}`) || path.includes(`${sep}node_modules`);
  const folders = [];
  for (let path = dirname(file); isLookedAt(path); path = dirname(path)) folders.push(path);
  return folders;
}

/**
 * What tells a file from its other versions: a changed one has another time of its last change, whatever its owner sets the
 * time of its content to. Of a folder, the names in it: others write beside what is read.
 */
function sightOf(path) {
  const stat = lstatSync(path, { bigint: true });
  if (!stat.isDirectory()) return `${stat.ino} ${stat.size} ${stat.ctimeNs}`;
  return readdirSync(path, { withFileTypes: true })
    .filter(
      (entry) => entry.isDirectory() || entry.isSymbolicLink() || /\.([cm]?tsx?|json)$/.test(entry.name),
    )
    .filter(({ name }) => !OWN_OUTPUT.test(name))
    .map(({ name }) => name)
    .sort()
    .join();
}

/** Folders that this project itself writes into: nothing in them is read. */
const OWN_OUTPUT = /^(cdktf\.out|dist$|\.)/;
