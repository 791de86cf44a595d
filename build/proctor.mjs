// Loads the command line, cli/main.ts, and of the verbs only the one that is run. In one process: what the terminal or a
// runner sends, such as Ctrl-C, reaches the verb itself.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleProgram, bundleScripts, endBundling } from './bundle.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const dist = join(root, 'dist');
/** What needs nothing of what runs beside Terraform. */
const WITHOUT_SCRIPTS = ['completion', 'catalogue-names', 'synth', 'providers-lock'];

process.chdir(root);
process.setSourceMapsEnabled(true);
const { main } = require(await bundleProgram(root, 'cli/main.ts', join(dist, 'cli', 'main.js')));
await main(load);

async function load(name) {
  const program = bundleProgram(root, `cli/run/${name}.ts`, join(dist, 'cli', `${name}.js`));
  if (!WITHOUT_SCRIPTS.includes(name)) await bundleScripts(root, dist);
  const outfile = await program;
  await endBundling();
  return require(outfile);
}
