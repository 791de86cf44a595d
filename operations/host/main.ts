import type { StepLine } from '../../contract/host';
import { ConnectionError } from '../docker/explain';
import { openEnvironment } from '../stack/open';
import { answerHelp, environmentOf, readArguments, UsageError } from '../terminal/command-line';
import { checkHost, inTwoLines } from './check';

const USAGE = `usage: ./proctor host check [--environment <name>] [--json]
Says in what the server of an environment is not as services.config.ts wants it. Changes nothing.
exit: 0 as it should be, 3 something differs, 6 unreachable, 1 anything else, 64 wrong usage
`;
const EXIT = { well: 0, broken: 1, differs: 3, unreachable: 6, usage: 64 } as const;
const LOCK_SECONDS = 60;

const OPTIONS = { environment: { type: 'string' }, json: { type: 'boolean', default: false } } as const;

async function main(args: readonly string[]): Promise<number> {
  if (answerHelp(args, USAGE)) return EXIT.well;
  const { values } = readArguments(args, OPTIONS, USAGE);
  const said = await look(environmentOf(values.environment, process.env, USAGE));
  const lines = said.map((one) => `${one.kind} ${inTwoLines(one)}`);
  process.stdout.write(`${values.json ? JSON.stringify(said) : lines.join('\n')}\n`);
  if (said.some(({ kind }) => kind === 'failed')) return EXIT.broken;
  return said.some(({ kind }) => kind === 'differs') ? EXIT.differs : EXIT.well;
}

const look = (environment: string): Promise<StepLine[]> =>
  openEnvironment(
    {
      environment,
      projectFolder: process.cwd(),
      shell: process.env,
      purpose: 'host',
      lockSeconds: LOCK_SECONDS,
      onWait: (holder) => console.error(holder),
    },
    async ({ host }) => {
      if (!host) {
        throw new Error(
          `environment "${environment}" says nothing of its host\n  give it host: {} in services.config.ts`,
        );
      }
      return checkHost(host);
    },
  );

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    process.stderr.write(`error: ${error.message}\n`);
    if (error instanceof UsageError) process.exitCode = EXIT.usage;
    else process.exitCode = error instanceof ConnectionError ? EXIT.unreachable : EXIT.broken;
  },
);
