import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Shell } from '../../contract/shell';
import type { Finding } from '../terminal/finding';
import { runSecretCommand, type SecretCommand } from './command';
import { variableOf } from './declared';
import { envFileOf, judgeEnvFile, readEnvFile, type Variables } from './env-file';

/** The shell with what the environment's `.env` file adds to it. */
export interface ShellAndFile {
  readonly shell: Shell;
  /** What came from the file alone. */
  readonly added: Variables;
  /** The file's name; undefined where there is none. */
  readonly file?: string;
  readonly findings: readonly Finding[];
}

/**
 * Adds the `.env` file to the shell. What the shell says wins, unless it says nothing: CI passes a secret that is not
 * set as an empty one.
 *
 * @throws when the file cannot be understood
 */
export function addEnvFile(shell: Shell, projectFolder: string, environment: string): ShellAndFile {
  const file = envFileOf(environment);
  const path = join(projectFolder, file);
  const read = readEnvFile(path);
  if ('PLATFORM_ENVIRONMENT' in read) {
    throw new Error(
      `${file} sets PLATFORM_ENVIRONMENT, but the environment decides which file is read\n  remove it; the file of staging is .env.staging`,
    );
  }
  if ('TERRAFORM_BINARY_NAME' in read) {
    throw new Error(
      `${file} sets TERRAFORM_BINARY_NAME, which cdktf would not see\n  remove it, and export it in the shell: export TERRAFORM_BINARY_NAME=${read.TERRAFORM_BINARY_NAME}`,
    );
  }
  const added = Object.fromEntries(Object.entries(read).filter(([name]) => !shell[name]));
  return {
    shell: { ...shell, ...added },
    added,
    ...(existsSync(path) ? { file } : {}),
    findings: judgeEnvFile(path),
  };
}

export interface CommandsRun {
  /** By variable, as the catalogue declares them. */
  readonly commands: Readonly<Record<string, readonly string[]>>;
  /** What they run with: the shell without what is secret of ours, and the names of what that is. */
  readonly environment: Pick<SecretCommand, 'env' | 'withheld'>;
  readonly shell: Shell;
  readonly projectFolder: string;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs the command of every secret that nobody has given. One after the other: each may ask a person.
 *
 * @throws with the secret's name and the command when one fails
 */
export async function runSecretCommands(run: CommandsRun): Promise<Variables> {
  const values: Record<string, string> = {};
  for (const [name, command] of Object.entries(run.commands)) {
    if (run.shell[variableOf(name)]) continue;
    run.say(`${name}: ${command.join(' ')}`);
    values[variableOf(name)] = await runSecretCommand({
      name,
      command,
      ...run.environment,
      folder: run.projectFolder,
      ...(run.signal ? { signal: run.signal } : {}),
    });
  }
  return values;
}
