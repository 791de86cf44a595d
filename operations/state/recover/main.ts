import type { Shell } from '../../../contract/shell';
import { ConnectionError } from '../../docker/explain';
import { answerHelp, environmentOf, readArguments, UsageError } from '../../terminal/command-line';
import { Console } from '../../terminal/console';
import { recover } from './recover';

const USAGE = `usage: ./proctor state recover [--environment <name>] [--import]
For a state that is lost, or a stack that Terraform did not make: finds what runs, and shows the plan that takes it over.
  --import  writes network, configs and services into the state; nothing changes on the server
exit: 0 nothing would be destroyed, 1 something would, or it cannot be said, 6 unreachable, 64 wrong usage
`;

const OPTIONS = { environment: { type: 'string' }, import: { type: 'boolean', default: false } } as const;

async function main(args: readonly string[], shell: Shell): Promise<number> {
  if (answerHelp(args, USAGE)) return 0;
  const { values } = readArguments(args, OPTIONS, USAGE);
  const environment = environmentOf(values.environment, shell, USAGE);
  const console = new Console(false, shell);
  const run = { environment, import: values.import, projectFolder: process.cwd(), shell, console };
  try {
    return (await recover(run)) ? 0 : 1;
  } catch (error) {
    console.fault((error as Error).message);
    return error instanceof ConnectionError ? 6 : 1;
  } finally {
    console.endPart();
  }
}

main(process.argv.slice(2), process.env).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(error instanceof UsageError ? error.message : `${(error as Error).stack}\n`);
    process.exitCode = error instanceof UsageError ? 64 : 1;
  },
);
