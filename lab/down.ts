import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from './error';
import { labDown } from './infrastructure';
import { alone } from './lock';
import { labPaths } from './paths';
import { stopProcesses } from './processes';

// The state first: it is what would make Terraform look for the rest.
const MADE_BY_DEPLOYS = ['.lab', 'cdktf.out', 'compose', 'tls', 'secrets.json', 'deploy.env', 'mux'];

/** `npm run lab:down`: removes the lab and every trace of it. */
async function main(): Promise<void> {
  const paths = labPaths();
  if (existsSync(paths.dir)) {
    await alone(paths, async () => {
      // What an interrupted deploy left running would go on writing.
      await stopProcesses(paths, 'deploy', 0);
      for (const name of MADE_BY_DEPLOYS) rmSync(join(paths.dir, name), { recursive: true, force: true });
    });
  }
  await labDown();
}

main().catch((error: unknown) => {
  console.error(`error: ${error instanceof LabError ? error.message : (error as Error).stack}`);
  process.exitCode = 1;
});
