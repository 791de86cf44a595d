import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DerivedSecret } from '../../contract/derived-secret';
import type { Shell } from '../../contract/shell';
import { redactorWith } from '../redact/environment';
import type { Redactor } from '../redact/redactor';
import { readEnvFile, type Variables } from './env-file';

const ENV_FILE = /^\.env(\.[a-z][a-z0-9-]*)?$/;

/**
 * Knows the secrets of the shell and of every environment's `.env` file, and what is made from them.
 *
 * @param derived what the server has that is made from others
 */
export const redactorHere = (
  env: Shell,
  derived: readonly DerivedSecret[] = [],
  folder = process.cwd(),
): Redactor => redactorWith(derived, ...environmentsHere(env, folder));

/**
 * The shell, and every environment's `.env` file: whose stack is looked at, `--stack` and `--host` alone say. A file that
 * cannot be read is told on standard error, and must not keep from looking.
 */
export function environmentsHere(env: Shell, folder = process.cwd()): Shell[] {
  const files = readdirSync(folder).filter((name) => ENV_FILE.test(name));
  return [env, ...files.map((name) => secretsOf(join(folder, name), name))];
}

function secretsOf(path: string, name: string): Variables {
  try {
    return readEnvFile(path);
  } catch (error) {
    process.stderr.write(`secrets of ${name} are not hidden here: ${(error as Error).message}\n`);
    return {};
  }
}
