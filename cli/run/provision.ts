import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { bundledScripts } from '../../constructs';
import type { Shell } from '../../contract/shell';
import { addEnvFile } from '../../operations/inputs/sources';
import { UsageError } from '../../operations/terminal/usage-error';
import { buildPlatform, findTarget } from '../catalogue/platform';
import { environmentOf } from '../read/environment';
import type { Run } from '../table/verb';
import type { provision as verb } from '../verbs/compose';

export const run: Run<typeof verb> = ({ values, words: [phase = ''], shell, projectFolder }) => {
  const environment = environmentOf(values.environment, shell);
  try {
    // Of the environment's file, too, as a deploy takes them.
    const { shell: env } = addEnvFile(shell, projectFolder, environment);
    return provision(phase, readInputs(environment, values.environment, env), env);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    console.error(`error: ${(error as Error).message}`);
    return 1;
  }
};

/** @returns the status of the first that failed */
function provision(phase: string, inputs: readonly object[], env: Shell): number {
  for (const input of inputs) {
    // The same script that Terraform runs.
    const { status } = spawnSync(process.execPath, [bundledScripts(resolve('dist')).provision, phase], {
      stdio: 'inherit',
      env: { ...process.env, ...env, PROVISION: JSON.stringify(input) },
    });
    if (status !== 0) return status ?? 1;
  }
  return 0;
}

/** One for each backend that has something to be done inside it. */
function readInputs(environment: string, typed: string | undefined, env: Shell) {
  const platform = buildPlatform(environment);
  const inputs = [...platform.provisionings].map(([id, provisioning]) => ({
    id,
    input: provisioning.manualInput(),
  }));
  if (inputs.length === 0) return [];
  const target = findTarget(env, platform.environment.address, typed);
  return inputs.map(({ id, input }) => {
    const { variable, hashPrefix } = input.password;
    const value = env[`TF_VAR_${variable}`];
    if (!value) {
      throw new Error(
        `TF_VAR_${variable} is not set: the password that ${id} accepts\n  export TF_VAR_${variable}="$(cat FILE)", or put it into .env, with the file that its docker secret was made from`,
      );
    }
    const hash = createHash('sha256').update(`${hashPrefix}${value}`).digest('hex').slice(0, 10);
    return { ...target, ...input, password: { variable, hash, hashPrefix } };
  });
}
