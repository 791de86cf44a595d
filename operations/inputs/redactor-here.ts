import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Shell } from '../../contract/shell';
import { redactorOfEnvironment } from '../redact/environment';
import type { Redactor } from '../redact/redactor';
import { readEnvFile, type Variables } from './env-file';

const ENV_FILE = /^\.env(\.[a-z][a-z0-9-]*)?$/;

/**
 * Knows the secrets of the shell and of every environment's `.env` file: whose stack is looked at, `--stack` and `--host`
 * alone say. A file that cannot be read is told on standard error, and must not keep from looking.
 */
export function redactorHere(env: Shell, folder = process.cwd()): Redactor {
  const files = readdirSync(folder).filter((name) => ENV_FILE.test(name));
  return redactorOfEnvironment(env, ...files.map((name) => secretsOf(join(folder, name), name)));
}

function secretsOf(path: string, name: string): Variables {
  try {
    return readEnvFile(path);
  } catch (error) {
    process.stderr.write(`secrets of ${name} are not hidden here: ${(error as Error).message}\n`);
    return {};
  }
}
