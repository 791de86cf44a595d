import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { bundledScripts } from '../constructs';
import { provisionInput } from '../constructs/backends/provision';
import type { Shell } from '../contract/shell';
import { answerHelp } from '../operations/terminal/command-line';
import { buildPlatform, findTarget } from './platform';

const USAGE = `usage: npm run provision -- prepare|finish
  prepare  databases, user, grants and schemas of MariaDB; a new password is accepted beside the one in force
  finish   only the new password is accepted, once all applications use it
`;

/** `npm run provision -- prepare|finish`: what the Terraform graph does to MariaDB, for a `docker stack deploy`. */
const args = process.argv.slice(2);
if (answerHelp(args, USAGE)) process.exit(0);
const [phase, ...rest] = args;
if ((phase !== 'prepare' && phase !== 'finish') || rest.length > 0) {
  process.stderr.write(USAGE);
  process.exit(64);
}
const scripts = bundledScripts('dist');
try {
  // The same script that Terraform runs.
  const { status } = spawnSync(process.execPath, [scripts.provision, phase], {
    stdio: 'inherit',
    env: { ...process.env, PROVISION: JSON.stringify(readInput(process.env)) },
  });
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(`error: ${(error as Error).message}`);
  process.exitCode = 1;
}

function readInput(env: Shell) {
  const platform = buildPlatform(env.PLATFORM_ENVIRONMENT || 'production');
  const { user, password: secret, databases } = platform.spec.mariadb;
  const input = provisionInput(
    {
      user,
      databases,
      projectFolder: process.cwd(),
      service: platform.services.find(({ node }) => node.id === 'mariadb')!,
      password: platform.secrets.get(secret)!,
    },
    (path) => path,
  );
  const target = findTarget(env, platform.environment.address);
  const { variable, hashPrefix } = input.password;
  const value = env[`TF_VAR_${variable}`];
  if (!value) {
    throw new Error(
      `TF_VAR_${variable} is not set: the password of MariaDB's user ${user}\n  export TF_VAR_${variable}="$(cat FILE)", with the file that its docker secret was made from`,
    );
  }
  const hash = createHash('sha256').update(`${hashPrefix}${value}`).digest('hex').slice(0, 10);
  return { ...target, ...input, password: { variable, hash, hashPrefix } };
}
