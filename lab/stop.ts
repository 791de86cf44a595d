import { labStop } from './cluster/infrastructure';
import { LabError } from './ground/error';

/** `npm run lab:stop`: nothing runs any more, everything is kept; `npm run lab` goes on from there. */
labStop().catch((error: unknown) => {
  console.error(`error: ${error instanceof LabError ? error.message : (error as Error).stack}`);
  process.exitCode = 1;
});
