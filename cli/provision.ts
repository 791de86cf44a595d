import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { bundledScripts } from '../constructs';
import { answerHelp } from '../operations/terminal/command-line';
import { buildPlatform, findTarget } from './platform';

const USAGE = `usage: ./proctor provision prepare|finish
What the Terraform graph does inside backends, for a \`docker stack deploy\`. For MariaDB:
  prepare  databases, user, grants and schemas; a new password is accepted beside the one in force
  finish   only the new password is accepted, once all applications use it
exit: 0 done, 1 not done, 64 wrong usage
`;

/** `./proctor provision prepare|finish` */
const args = process.argv.slice(2);
if (answerHelp(args, USAGE)) process.exit(0);
const [phase, ...rest] = args;
if ((phase !== 'prepare' && phase !== 'finish') || rest.length > 0) {
  process.stderr.write(USAGE);
  process.exit(64);
}
try {
  process.exitCode = provision(phase, process.env);
} catch (error) {
  console.error(`error: ${(error as Error).message}`);
  process.exitCode = 1;
}

/** @returns the status of the first that failed */
function provision(phase: string, env: NodeJS.ProcessEnv): number {
  for (const input of readInputs(env)) {
    // The same script that Terraform runs.
    const { status } = spawnSync(process.execPath, [bundledScripts('dist').provision, phase], {
      stdio: 'inherit',
      env: { ...env, PROVISION: JSON.stringify(input) },
    });
    if (status !== 0) return status ?? 1;
  }
  return 0;
}

/** One for each backend that has something to be done inside it. */
function readInputs(env: NodeJS.ProcessEnv) {
  const platform = buildPlatform(env.PLATFORM_ENVIRONMENT || 'production');
  const inputs = [...platform.provisionings].map(([id, provisioning]) => ({
    id,
    input: provisioning.manualInput(),
  }));
  if (inputs.length === 0) return [];
  const target = findTarget(env, platform.environment.address);
  return inputs.map(({ id, input }) => {
    const { variable, hashPrefix } = input.password;
    const value = env[`TF_VAR_${variable}`];
    if (!value) {
      throw new Error(
        `TF_VAR_${variable} is not set: the password that ${id} accepts\n  export TF_VAR_${variable}="$(cat FILE)", with the file that its docker secret was made from`,
      );
    }
    const hash = createHash('sha256').update(`${hashPrefix}${value}`).digest('hex').slice(0, 10);
    return { ...target, ...input, password: { variable, hash, hashPrefix } };
  });
}
