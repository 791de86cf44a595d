import { join } from 'node:path';
import type { LabPaths } from '../ground/paths';
import { type RunOptions, run } from '../ground/shell';

/** Runs the docker command on the lab's engine, untouched by this user's contexts, logins and builders. */
export const docker = (paths: LabPaths, args: readonly string[], options: RunOptions = {}): Promise<string> =>
  run('docker', args, {
    ...options,
    env: {
      DOCKER_HOST: `unix://${paths.socket}`,
      DOCKER_CONTEXT: '',
      DOCKER_CONFIG: join(paths.dir, 'docker-config'),
      // The classic builder is in every engine and needs no download.
      DOCKER_BUILDKIT: '0',
      ...options.env,
    },
  });
