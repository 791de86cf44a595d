import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Shell } from '../../../contract/shell';

/** The commit that is deployed: elsewhere than here for a rollback, which deploys an older one with its own tools. */
export const projectFolder = (env: Shell): string => resolve(env.PROJECT || '.');

/** Another command of that project, run as a person would: `npm run <script> -- <args>`. Its standard error passes through. */
export async function runNpmScript(
  script: string,
  args: readonly string[],
  env: Shell,
): Promise<{ readonly code: number; readonly stdout: string }> {
  const child = spawn('npm', ['run', '--silent', script, '--', ...args], {
    cwd: projectFolder(env),
    env: env as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', (status) => resolve(status ?? 1));
  });
  return { code, stdout: Buffer.concat(parts).toString('utf8') };
}
