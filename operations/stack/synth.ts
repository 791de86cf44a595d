import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Variables } from '../inputs/env-file';

/**
 * Synthesizes the project into `out`. What the environment and the `.env` file say of addresses and the like is given to it,
 * their secrets are not: what it makes must not depend on one, and its packages have no use for them.
 *
 * @throws with its own words when it fails
 */
export async function synth(
  projectFolder: string,
  out: string,
  environment: string,
  fromFile: Variables = {},
): Promise<void> {
  const child = spawn(process.execPath, [toolOf(projectFolder, 'synth.mjs')], {
    cwd: projectFolder,
    env: {
      ...plainOf(process.env),
      ...plainOf(fromFile),
      PLATFORM_ENVIRONMENT: environment,
      CDKTF_OUTDIR: out,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) {
    throw new Error(`the synth failed, nothing was changed\n${said.trim().replace(/^error: /, '')}`.trim());
  }
}

const plainOf = (variables: Variables | NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith('TF_VAR_')));

/** A program of `build/`: the project's own, or that of the package that it installed. */
export function toolOf(projectFolder: string, name: string): string {
  const own = join(projectFolder, 'build', name);
  if (existsSync(own)) return own;
  const require = createRequire(join(projectFolder, 'package.json'));
  return join(dirname(require.resolve('proctorwise-swarm/package.json')), 'build', name);
}
