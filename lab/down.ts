import { existsSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LabError } from './error';
import { labDown } from './infrastructure';
import { alone } from './lock';
import { type LabPaths, labPaths } from './paths';
import { stopProcesses } from './processes';
import { stateFile } from './providers';

const OUTPUTS = ['.lab', 'cdktf.out', 'compose', 'tls', 'secrets.json', 'deploy.env', 'mux'];

// The state first: it is what would make Terraform look for the rest.
const madeByDeploys = (paths: LabPaths): string[] => {
  const state = stateFile(paths);
  const lock = join(paths.dir, `.${basename(state)}.lock.info`);
  return [state, `${state}.backup`, lock, ...OUTPUTS.map((name) => join(paths.dir, name))];
};

/** `npm run lab:down`: removes the lab and every trace of it. */
async function main(): Promise<void> {
  const paths = labPaths();
  if (existsSync(paths.dir)) {
    await alone(paths, async () => {
      // What an interrupted deploy left running would go on writing.
      await stopProcesses(paths, 'deploy', 0);
      for (const file of madeByDeploys(paths)) rmSync(file, { recursive: true, force: true });
    });
  }
  await labDown();
}

main().catch((error: unknown) => {
  console.error(`error: ${error instanceof LabError ? error.message : (error as Error).stack}`);
  process.exitCode = 1;
});
