import { EXIT_CODES } from '../../contract/outcome';
import { withDocker } from '../docker/client';
import { ConnectionError } from '../docker/explain';
import { paintFor } from '../terminal/paint';
import { columnsOf } from '../terminal/terminal';
import { UsageError } from '../terminal/usage-error';
import { gather } from './gather';
import { judge, unknownRows } from './judge';
import type { SecurityOptions } from './options';
import { ROWS } from './rows';
import { render } from './text';

/** Asks the server for each row, and changes nothing. Resolves to the exit code: 0 nothing is otherwise than it should be. */
export async function runSecurity(options: SecurityOptions): Promise<number> {
  const [strange] = unknownRows(options.accept);
  if (strange !== undefined) {
    throw new UsageError(
      `there is no row ${strange}\nname one of: ${ROWS.map(({ name }) => name).join(', ')}`,
    );
  }
  try {
    const facts = await withDocker(options.target, (docker) => gather(docker, options));
    if (facts.services.length === 0) {
      throw new UsageError(
        `there is no stack ${options.stack} at ${options.target.host}\nsee \`docker stack ls\`, or name it with --stack`,
      );
    }
    const rows = judge(facts, options.accept);
    process.stdout.write(
      `${options.json ? JSON.stringify({ stack: options.stack, rows }) : render(rows, paintFor(process.stdout.isTTY, process.env), columnsOf(process.stdout))}\n`,
    );
    return rows.some(({ state }) => state === 'not') ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    process.stderr.write(`error: ${error.message.replace('\n', '\n  ')}\n`);
    return EXIT_CODES.unreachable;
  }
}
