import { LabError } from '../../lab/ground/error';
import { UsageError } from '../../operations/terminal/command-line';
import { loadMain } from './main';

/** Starts a benchmark, or with `--load` its load process: the same program, so that one bundle holds both. */
export function start(benchmark: (args: readonly string[]) => Promise<number>): void {
  const args = process.argv.slice(2);
  if (args[0] === '--load') {
    loadMain().catch((error: unknown) => {
      console.error((error as Error).stack);
      process.exit(1);
    });
    return;
  }
  benchmark(args).then(
    (status) => process.exit(status),
    (error: unknown) => {
      const isForPeople = error instanceof LabError || error instanceof UsageError;
      console.error(`error: ${isForPeople ? error.message : (error as Error).stack}`);
      process.exit(error instanceof UsageError ? 64 : 1);
    },
  );
}
