// Loads the command line, cli/main.ts, and of the verbs only the one that is run. In one process: what the terminal or a
// runner sends, such as Ctrl-C, reaches the verb itself.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { findProject, isClone, projectFolder, tools } from './project/place.mjs';

/** What needs nothing of what runs beside Terraform. */
const WITHOUT_SCRIPTS = ['completion', 'catalogue-names', 'synth', 'providers-lock'];

const { version } = JSON.parse(readFileSync(join(tools, 'package.json'), 'utf8'));
process.chdir(findProject() ?? '.');
// As in synth.mjs.
process.noDeprecation = true;
await (isClone ? inClone() : inProject());

async function inClone() {
  const { bundleProgram, bundleScripts } = await import('./bundle.mjs');
  const { endBundling } = await import('./cached-build.mjs');
  const require = createRequire(import.meta.url);
  const dist = join(tools, 'dist');
  const { main } = require(await bundleProgram(tools, 'cli/main.ts', join(dist, 'cli', 'main.js')));
  await main(version, async (name) => {
    const program = bundleProgram(tools, `cli/run/${name}.ts`, join(dist, 'cli', `${name}.js`));
    // Both are awaited from the first: whichever fails sooner is the error that is told.
    const scripts = WITHOUT_SCRIPTS.includes(name) ? undefined : bundleScripts(tools, dist);
    const [outfile] = await Promise.all([program, scripts]);
    await endBundling();
    return require(outfile);
  });
}

async function inProject() {
  const { bringCatalogue, requireLib } = await import('./project/installed.mjs');
  await requireLib('cli/main').main(version, async (name) => {
    if (name !== 'completion') await bringCatalogue(projectFolder());
    return requireLib(`cli/run/${name}`);
  });
}
