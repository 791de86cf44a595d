import { LabError } from '../../lab/ground/error';
import { loadMain } from './main';

/** Starts a benchmark, or with `--load` its load process: the same program, so that one bundle holds both. */
export function start(benchmark: () => Promise<number>): void {
  if (process.argv[2] === '--load') {
    loadMain().catch((error: unknown) => {
      console.error((error as Error).stack);
      process.exit(1);
    });
    return;
  }
  benchmark().then(
    (status) => process.exit(status),
    (error: unknown) => {
      console.error(`error: ${error instanceof LabError ? error.message : (error as Error).stack}`);
      process.exit(1);
    },
  );
}
