import { labStop } from './cluster/infrastructure';
import { LabError } from './ground/error';

/** `./proctor lab stop`: nothing runs any more, everything is kept; `./proctor lab up` goes on from there. */
labStop().catch((error: unknown) => {
  console.error(`error: ${error instanceof LabError ? error.message : (error as Error).stack}`);
  process.exitCode = 1;
});
