import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { platform } from '../../services.config';
import { LabError } from '../ground/error';
import type { Print } from '../ground/progress';
import { CommandError } from '../ground/shell';
import { dockerEnvironment, runProvision, runRollout } from './docker';
import { ensureExternalSecrets } from './external';
import { runDeploy } from './run';
import { type LabTarget, NAMESPACE } from './target';

interface Compose {
  readonly services: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, unknown>>;
}

/** What must serve before an application can start. */
const FIRST = Object.keys(platform.backends ?? {});

/**
 * Deploys the compose form of the platform with `docker stack deploy` over ssh, in Terraform's order: the
 * backends, what is done inside them, everything, the older password.
 *
 * @throws LabError with what Docker, a gate or the provisioning said
 */
export async function deployCompose(target: LabTarget, print: Print): Promise<void> {
  try {
    const file = await writeCompose(target);
    const compose = parse(readFileSync(file, 'utf8')) as Compose;
    const names = await ensureExternalSecrets(target, Object.keys(compose.secrets));
    const first = join(file, '..', 'first.yml');
    writeFileSync(first, stringify(only(compose, FIRST)));

    await stackDeploy(target, first, names);
    await runRollout(
      target,
      FIRST.map((service) => `${NAMESPACE}_${service}`),
      print,
    );
    await runProvision(target, 'prepare', print);
    await stackDeploy(target, file, names);
    await runRollout(target, [NAMESPACE], print);
    await runProvision(target, 'finish', print);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const said = error.output.trim().split('\n').slice(-25).join('\n  ');
    const log = join(target.lab.paths.logs, 'deploy.log');
    throw new LabError(
      `the deploy failed: ${error.command.slice(0, 120)}`,
      `${said}\n  all of it: ${log}; ./proctor lab up goes on where it stopped`,
    );
  }
}

/** `./proctor compose` for this lab. @returns the compose file */
export async function writeCompose(target: LabTarget): Promise<string> {
  const folder = join(target.lab.paths.dir, 'compose');
  await runDeploy(target.lab.paths, {
    command: process.execPath,
    args: ['proctor', 'compose'],
    env: { ...target.env, COMPOSE_OUT: folder },
  });
  return join(folder, 'docker-compose.swarm.yml');
}

async function stackDeploy(
  target: LabTarget,
  file: string,
  names: Readonly<Record<string, string>>,
): Promise<void> {
  await runDeploy(target.lab.paths, {
    command: 'docker',
    // The digests are in the file; asking the registry would only add platforms, which Terraform does not have.
    args: ['stack', 'deploy', '--resolve-image', 'never', '--compose-file', file, NAMESPACE],
    env: { ...dockerEnvironment(target), ...names },
  });
}

const only = (compose: Compose, names: readonly string[]): Compose => ({
  ...compose,
  services: Object.fromEntries(Object.entries(compose.services).filter(([name]) => names.includes(name))),
});
