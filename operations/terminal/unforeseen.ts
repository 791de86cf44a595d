import { EXIT_BROKEN } from '../../contract/outcome';
import { withSources } from './with-sources';

/** `| head` has enough, or a terminal is closed; a disk says EIO, too. */
const nobodyReads = (code: string, { isTTY }: NodeJS.WriteStream): boolean =>
  code === 'EPIPE' || (code === 'EIO' && isTTY);

/**
 * For what nothing else catches. An exception in a timer or in an event, or a promise that nobody waits for, ends with
 * `EXIT_BROKEN`: Node.js would end with 1, which says something else of many a verb. Output that cannot be written ends
 * nothing: what was begun, such as stopping writers for a restore, has to be finished all the same. Where somebody may miss it
 * (a full disk), it is said, and 0 becomes `EXIT_BROKEN`.
 *
 * @param who as a person would call this program
 */
export function catchUnforeseen(who = 'proctor'): void {
  process.on('uncaughtException', (error) => {
    process.stderr.write(broken(error, who));
    process.exit(EXIT_BROKEN);
  });
  let lost = false;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code = '', message }: NodeJS.ErrnoException) => {
      if (lost || nobodyReads(code, stream)) return;
      lost = true;
      process.stderr.write(`error: what this prints cannot be written: ${message}\n`);
    });
  }
  process.on('exit', (code) => {
    if (lost && code === 0) process.exitCode = EXIT_BROKEN;
  });
}

/** The program itself is at fault: its stack trace is what helps. */
export const broken = (error: unknown, who = 'proctor'): string =>
  `${who} itself failed: ${withSources(traceOf(error))}\n`;

/** With what caused it, which a trace alone leaves out; each once. */
function traceOf(error: unknown, told = new Set<unknown>()): string {
  if (!(error instanceof Error)) return String(error);
  told.add(error);
  const causes = [
    ...(error instanceof AggregateError ? error.errors : []),
    ...(error.cause === undefined ? [] : [error.cause]),
  ].filter((cause) => !told.has(cause));
  return [error.stack ?? error.message, ...causes.map((cause) => `cause: ${traceOf(cause, told)}`)].join(
    '\n',
  );
}
