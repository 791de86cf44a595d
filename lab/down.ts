import { LabError } from './error';
import { labDown } from './infrastructure';
import { alone } from './lock';
import { labPaths } from './paths';
import { stopProcesses } from './processes';

/** `npm run lab:down`: removes the lab and every trace of it. */
async function main(): Promise<void> {
  const paths = labPaths();
  // What an interrupted deploy left running would go on writing.
  await alone(paths, () => stopProcesses(paths, 'deploy', 0));
  await labDown();
}

main().catch((error: unknown) => {
  console.error(`error: ${error instanceof LabError ? error.message : (error as Error).stack}`);
  process.exitCode = 1;
});
