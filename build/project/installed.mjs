// For a project that installed the package: lib/ has everything compiled, but the project's own catalogue.
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { tools } from './place.mjs';

/** Loads a compiled file, such as `cli/main`. */
export const requireLib = (name) => createRequire(import.meta.url)(join(tools, 'lib', `${name}.js`));

/**
 * Bundles the project's catalogue, and has lib/ take it as services.config.
 * @throws Error with what is wrong with it
 */
export async function bringCatalogue(project) {
  const dist = join(project, 'dist');
  mkdirSync(dist, { recursive: true });
  // Where the programs of lib/ look for what runs beside Terraform.
  const scripts = join(tools, 'lib', 'scripts');
  for (const name of readdirSync(scripts)) copyFileSync(join(scripts, name), join(dist, name));
  const catalogue = await bundled(project, 'services.config');
  globalThis[Symbol.for('proctor.catalogue')] = catalogue;
  const { platform } = createRequire(import.meta.url)(catalogue);
  if (!platform) {
    throw new Error(
      'services.config.ts exports no platform\n  export const platform = definePlatform({ … })',
    );
  }
}

/** Synthesizes into CDKTF_OUTDIR: the project's main.ts where it has one, else the package's. */
export async function synthesizeProject(project) {
  if (!existsSync(join(project, 'main.ts'))) requireLib('main');
  else createRequire(import.meta.url)(await bundled(project, 'main'));
}

/** A program of the project; packages it finds by itself, this one included. @returns the path to load */
async function bundled(project, name) {
  const outfile = join(project, 'dist', `${name}.js`);
  await build({
    absWorkingDir: project,
    entryPoints: [join(project, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  return outfile;
}
