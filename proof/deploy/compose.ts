import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { writeCompose } from '../../lab/deploy/compose';
import { dockerEnvironment } from '../../lab/deploy/docker';
import { ensureExternalSecrets } from '../../lab/deploy/external';
import { runDeploy } from '../../lab/deploy/run';
import { type LabTarget, NAMESPACE } from '../../lab/deploy/target';

/** Else there is no verdict at all. */
const WAITING = '--detach=false';

export interface StackDeploy {
  /** Plain `docker stack deploy`, waiting as far as the CLI does. @returns 0 @throws CommandError with its status */
  run(): Promise<number>;
}

/** The project in the current folder as a compose file, its secrets made, ready for `docker stack deploy`. */
export async function stackDeploy(target: LabTarget): Promise<StackDeploy> {
  const file = await writeCompose(target);
  const { secrets } = parse(readFileSync(file, 'utf8')) as { secrets: Record<string, unknown> };
  const names = await ensureExternalSecrets(target, Object.keys(secrets));
  return {
    run: async () => {
      await runDeploy(target.lab.paths, {
        command: 'docker',
        args: ['stack', 'deploy', WAITING, '--resolve-image', 'never', '-c', file, NAMESPACE],
        env: { ...dockerEnvironment(target), ...names },
      });
      return 0;
    },
  };
}

/**
 * `docker service update --detach=false`, the least that an update can take.
 *
 * @returns 0 @throws CommandError with its status
 */
export async function serviceUpdate(
  target: LabTarget,
  service: string,
  flags: readonly string[],
): Promise<number> {
  await runDeploy(target.lab.paths, {
    command: 'docker',
    // As in the compose form, the registry is not asked.
    args: [
      'service',
      'update',
      WAITING,
      '--quiet',
      '--no-resolve-image',
      ...flags,
      `${NAMESPACE}_${service}`,
    ],
    env: dockerEnvironment(target),
  });
  return 0;
}
