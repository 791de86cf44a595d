import { LabError } from './error';
import { labStop } from './infrastructure';

/** `npm run lab:stop`: nothing runs any more, everything is kept; `npm run lab` goes on from there. */
labStop().catch((error: unknown) => {
  console.error(`error: ${error instanceof LabError ? error.message : (error as Error).stack}`);
  process.exitCode = 1;
});
