import { delimiter, join } from 'node:path';
import { platform } from '../../services.config';
import type { Print } from '../ground/progress';
import { runDeploy } from './run';
import { hashOf } from './secrets';
import { ENVIRONMENT, type LabTarget, NAMESPACE } from './target';

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

/** The gate of `npm run rollout`. @param names services or stacks. @throws CommandError when one did not converge */
export async function runRollout(target: LabTarget, names: readonly string[], print: Print): Promise<void> {
  const { paths, dockerHost } = target.lab;
  const { observe } = platform.environments[ENVIRONMENT];
  await runDeploy(paths, {
    command: process.execPath,
    args: [
      join('dist', 'rollout.js'),
      ...['--host', dockerHost, '--ssh-option=-F', `--ssh-option=${paths.sshConfig}`],
      ...(observe ? ['--observe', `${observe.toSeconds()}s`] : []),
      ...names,
    ],
    env: target.env,
    onLine: (line) => print(`  ${line}`),
  });
}

/** The step that Terraform runs before (`prepare`) and after (`finish`) the applications. */
export async function runProvision(
  target: LabTarget,
  phase: 'prepare' | 'finish',
  print: Print,
): Promise<void> {
  const { paths, dockerHost } = target.lab;
  const { user, password, databases } = platform.mariadb;
  const hashPrefix = `${NAMESPACE}/${password}/`;
  const settings = {
    host: dockerHost,
    sshOptions: ['-F', paths.sshConfig],
    service: `${NAMESPACE}_mariadb`,
    user,
    characterSet: 'utf8mb4',
    collation: 'utf8mb4_unicode_ci',
    databases: Object.entries(databases).map(([name, database]) => ({
      name,
      ...('schema' in database ? { schemaFile: String(database.schema) } : {}),
    })),
    password: { variable: password, hash: hashOf(hashPrefix, target.secrets[password] ?? ''), hashPrefix },
  };
  await runDeploy(paths, {
    command: process.execPath,
    args: [join('dist', 'provision.js'), phase],
    env: { ...target.env, PROVISION: JSON.stringify(settings) },
    onLine: (line) => print(`  ${line}`),
  });
}
