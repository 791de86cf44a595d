import { EXIT_BROKEN } from './table/exit-codes';
import { withSources } from './with-sources';

/**
 * For what no verb catches: an exception in a timer or in an event, a promise that nobody waits for. Node.js would end with 1,
 * which says something else of many a verb. Whoever reads the output may be gone first (`| head`, `| tee` and Ctrl-C): what is
 * under way ends in good order all the same.
 */
export function catchUnforeseen(): void {
  process.on('uncaughtException', (error) => {
    process.stderr.write(broken(error));
    process.exit(EXIT_BROKEN);
  });
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** The program itself is at fault: its stack is what helps. */
export function broken(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `proctor itself failed: ${withSources(stack)}\n`;
}
