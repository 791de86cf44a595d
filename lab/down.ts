import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ENVIRONMENT } from './deploy-target';
import { LabError } from './error';
import { labDown } from './infrastructure';
import { alone } from './lock';
import { isDefault, type LabPaths, labPaths } from './paths';
import { stopProcesses } from './processes';
import { isOfState } from './providers';

const OUTPUTS = ['.lab', 'cdktf.out', 'compose', 'tls', 'secrets.json', 'deploy.env', 'mux'];

// The state first: it is what would make Terraform look for the rest.
const madeByDeploys = (paths: LabPaths): string[] => [
  ...[...readdirSync(paths.dir).filter(isOfState), ...OUTPUTS].map((name) => join(paths.dir, name)),
  // The front door's, which deploys to the default lab.
  ...(isDefault(paths) ? ['plan', 'deploy', 'recover'] : []).map((name) =>
    resolve(`cdktf.out.${name}-${ENVIRONMENT}`),
  ),
];

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
