import { join } from 'node:path';
import { withDocker } from '../docker/client';
import { ConnectionError } from '../docker/explain';
import { variableOf } from '../inputs/declared';
import { envFileOf } from '../inputs/env-file';
import { addEnvFile } from '../inputs/sources';
import { messageOf } from '../terminal/message-of';
import { UsageError } from '../terminal/usage-error';
import { writeEnvEntry } from './env-write';
import { generate } from './generate';
import { type DescribedStack, listSecrets } from './list';
import type { SecretsOptions } from './options';
import { findOtherSecrets } from './others';
import { render } from './text';

const EXIT = { done: 0, notDone: 1, unreachable: 6 } as const;

/** What a run takes from outside. */
export interface SecretsRun {
  readonly options: SecretsOptions;
  readonly env: NodeJS.ProcessEnv;
  readonly projectFolder: string;
  /** The catalogue's stack of an environment. @throws where there is none */
  readonly describe: (environment: string) => DescribedStack;
  readonly print: (text: string) => void;
  /** What the list has to fit. @default as wide as it is */
  readonly columns?: number | undefined;
  readonly printError: (text: string) => void;
}

/** `./proctor secrets`. Resolves to the exit code. @throws {UsageError} */
export async function runSecrets(run: SecretsRun): Promise<number> {
  try {
    const { options } = run;
    if (options.generate === undefined) await list(run, options);
    else make(run, options, options.generate);
    return EXIT.done;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    run.printError(`error: ${messageOf(error)}\n`);
    return error instanceof ConnectionError ? EXIT.unreachable : EXIT.notDone;
  }
}

async function list(run: SecretsRun, { environment, json }: SecretsOptions): Promise<void> {
  const { shell, added, findings } = addEnvFile(run.env, run.projectFolder, environment);
  for (const { text, fix } of findings) run.printError(`${text}\n  ${fix}\n`);
  const stack = run.describe(environment);
  const facts = { stack, shell, fromFile: added, ...(await inSwarm(stack, shell)) };
  const [rows, others] = [listSecrets(facts), findOtherSecrets(facts)];
  run.print(
    json
      ? `${JSON.stringify({ stack: stack.id, environment, secrets: rows, others })}\n`
      : `${render(rows, others, envFileOf(environment), new Date(), run.columns)}\n`,
  );
}

function make(run: SecretsRun, wish: SecretsOptions, name: string): void {
  const { environment, print, replace } = wish;
  const known = run.describe(environment).secrets;
  const secret = known.find((one) => one.name === name);
  if (!secret) {
    throw new Error(
      `there is no secret ${name} in services.config.ts\n  name one of: ${known.map((one) => one.name).join(', ')}`,
    );
  }
  const file = envFileOf(environment);
  const variable = variableOf(name);
  if (secret.origin) {
    throw new Error(
      `${name} cannot be made up: it is what ${secret.origin}\n  write that into ${file} as ${variable}`,
    );
  }
  if (secret.opens && replace && !print) {
    throw new Error(
      `${secret.opens} open with the ${name} that they were made with, and a new one would lock them: it was not replaced\n  make a new one with --print, and let it in before it is deployed (docs/secrets.md)`,
    );
  }
  const value = generate(secret.minLength);
  if (print) {
    run.print(`${value}\n`);
    return;
  }
  writeEnvEntry(join(run.projectFolder, file), { name: variable, value, replace, now: new Date() });
  if (run.env[variable]) run.printError(`${variable} in this shell wins over ${file}\n  unset ${variable}\n`);
  run.print(
    `${file}: ${variable} has a new value of ${value.length} letters and digits; ./proctor deploy takes it from there\n`,
  );
}

function inSwarm(stack: DescribedStack, shell: SecretsRun['env']) {
  return withDocker(stack.target(shell), async (docker) => {
    const [objects, services] = await Promise.all([docker.secrets(), docker.services()]);
    return { objects, services };
  });
}
