import { join } from 'node:path';
import { cachedBuild, esbuild } from './cached-build.mjs';

/** The scripts that run beside Terraform: one self-contained file each, so that the synthesized folder needs no node_modules. */
const SCRIPTS = {
  rollout: 'cli/gate/rollout.ts',
  provision: 'cli/gate/provision.ts',
  'check-certificate': 'operations/certificates/check.ts',
  place: 'cli/gate/place.ts',
  job: 'cli/gate/job.ts',
};

export const COMMON = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  // What dockerode could do and this project never asks of it: speak ssh by itself (the system's own does), and BuildKit.
  alias: Object.fromEntries(
    ['ssh2', 'cpu-features', '@grpc/grpc-js', '@grpc/proto-loader'].map((name) => [
      name,
      './operations/docker/no-ssh2.ts',
    ]),
  ),
};

/**
 * Bundles the app and its scripts into `folder`. The app itself always from its sources: a stale bundle would deploy an
 * old catalogue. The packages that it uses, and the scripts, are rebuilt when the content of one of their files changed.
 */
export async function bundle(root, folder) {
  const scripts = bundleScripts(root, folder);
  const { build } = await esbuild();
  const app = await build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: { main: 'main.ts' },
    outdir: folder,
    packages: 'external',
    metafile: true,
    banner: { js: FROM_PACKAGES },
  });
  await Promise.all([scripts, packages(root, folder, packagesOf(app.metafile))]);
}

/** Rebuilt when the content of one of their files changed. */
export const bundleScripts = (root, folder) =>
  cachedBuild(root, join(folder, 'scripts.json'), scriptOptions(root, folder));

/** The same for the package, with nothing beside them. */
export const packScripts = async (root, folder) => (await esbuild()).build(scriptOptions(root, folder));

const scriptOptions = (root, folder) => ({
  ...COMMON,
  absWorkingDir: root,
  entryPoints: absolute(root, SCRIPTS),
  outdir: folder,
  minify: true,
});

/** A program of the command line, packages included, likewise. @returns the path to load */
export async function bundleProgram(root, file, outfile) {
  await cachedBuild(root, `${outfile}on`, {
    ...COMMON,
    absWorkingDir: root,
    entryPoints: [join(root, file)],
    outfile,
    // Read where it fails (operations/terminal/with-sources.ts).
    sourcemap: 'linked',
  });
  return outfile;
}

/** Makes main.js take packages from packages.js beside it; what is not there, Node.js finds. */
const FROM_PACKAGES = `require = ((node, packages) => (name) => packages[name]?.() ?? node(name))(require, require('./packages.js'));`;

const packagesOf = ({ outputs }) =>
  [...new Set(Object.values(outputs).flatMap(({ imports }) => imports.map(({ path }) => path)))]
    .filter((path) => !path.startsWith('node:') && !path.startsWith('.'))
    .sort();

function packages(root, folder, names) {
  // In a try, as the app has it: a file that a fork of cdktf lacks fails where it is asked for, not here.
  const entries = names
    .map((name) => JSON.stringify(name))
    .map((name) => `${name}: () => { try { return require(${name}); } catch (error) { throw error; } },`);
  return cachedBuild(root, join(folder, 'packages.json'), {
    ...COMMON,
    absWorkingDir: root,
    stdin: { contents: `module.exports = {\n${entries.join('\n')}\n};`, resolveDir: root },
    outfile: join(folder, 'packages.js'),
    // Half of the time that cdktf takes to load is a library for zip assets, which this platform has none of.
    alias: { ...COMMON.alias, archiver: './build/no-archiver.cjs' },
  });
}

const absolute = (root, entries) =>
  Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(root, path)]));
