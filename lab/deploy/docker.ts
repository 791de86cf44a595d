import { delimiter, join } from 'node:path';
import { platform } from '../../services.config';
import type { Print } from '../ground/progress';
import { runDeploy } from './run';
import { ENVIRONMENT, type LabTarget } from './target';

/** The docker command as an operator has it: over ssh, and untouched by this user's contexts and logins. */
export const dockerEnvironment = ({ lab, env }: LabTarget): NodeJS.ProcessEnv => ({
  ...env,
  DOCKER_HOST: lab.dockerHost,
  DOCKER_CONFIG: join(lab.paths.dir, 'docker-config'),
  PATH: [lab.paths.bin, env.PATH].join(delimiter),
});

/** Runs the docker command over ssh. @returns its output */
export const dockerOverSsh = (target: LabTarget, args: readonly string[], input?: string): Promise<string> =>
  runDeploy(target.lab.paths, {
    command: 'docker',
    args,
    env: dockerEnvironment(target),
    ...(input === undefined ? {} : { input }),
  });

/** The gate of `./proctor rollout`. @param names services or stacks. @throws CommandError when one did not converge */
export async function runRollout(target: LabTarget, names: readonly string[], print: Print): Promise<void> {
  const { paths, dockerHost } = target.lab;
  const { observe } = platform.environments[ENVIRONMENT];
  await runDeploy(paths, {
    command: process.execPath,
    args: [
      ...['proctor', 'rollout'],
      ...['--host', dockerHost, '--ssh-option=-F', `--ssh-option=${paths.sshConfig}`],
      ...(observe ? ['--observe', `${observe.toSeconds()}s`] : []),
      ...names,
    ],
    env: target.env,
    onLine: (line) => print(`  ${line}`),
  });
}

/** `./proctor provision`: what Terraform does before (`prepare`) and after (`finish`) the applications. */
export async function runProvision(
  target: LabTarget,
  phase: 'prepare' | 'finish',
  print: Print,
): Promise<void> {
  await runDeploy(target.lab.paths, {
    command: process.execPath,
    args: ['proctor', 'provision', phase],
    env: target.env,
    onLine: (line) => print(`  ${line}`),
  });
}
