import type { StepLine } from '../../contract/host';
import { ConnectionError } from '../docker/explain';
import { openEnvironment } from '../stack/open';
import { checkHost, inTwoLines } from './check';

const EXIT = { well: 0, broken: 1, differs: 3, unreachable: 6 } as const;
const LOCK_SECONDS = 60;

export interface HostCheckOptions {
  readonly environment: string;
  readonly json: boolean;
}

/** Resolves to the exit code. */
export async function runHostCheck(options: HostCheckOptions, projectFolder: string): Promise<number> {
  try {
    return await check(options, projectFolder);
  } catch (error) {
    process.stderr.write(`error: ${(error as Error).message}\n`);
    return error instanceof ConnectionError ? EXIT.unreachable : EXIT.broken;
  }
}

async function check({ environment, json }: HostCheckOptions, projectFolder: string): Promise<number> {
  const said = await look(environment, projectFolder);
  const lines = said.map((one) => `${one.kind} ${inTwoLines(one)}`);
  process.stdout.write(`${json ? JSON.stringify(said) : lines.join('\n')}\n`);
  if (said.some(({ kind }) => kind === 'failed')) return EXIT.broken;
  return said.some(({ kind }) => kind === 'differs') ? EXIT.differs : EXIT.well;
}

const look = (environment: string, projectFolder: string): Promise<StepLine[]> =>
  openEnvironment(
    {
      environment,
      projectFolder,
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
