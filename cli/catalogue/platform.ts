import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App, bundledScripts, Platform } from '../../constructs';
import { Connection } from '../../constructs/swarm';
import type { Shell } from '../../contract/shell';
import { serverUrl } from '../../operations/docker/target';
import { readSalts, saltFile } from '../../operations/inputs/salts';
import { platform as catalogue } from '../../services.config';
import { refuseAnother } from './same-server';

/** The catalogue's platform as constructs, for what depends on neither its images nor its rules. */
export function buildPlatform(environment: string, { CI, SECRET_SALTS }: Shell = {}): Platform {
  // cdktf makes an app's folder at once, although nothing is synthesized into it.
  const outdir = mkdtempSync(join(tmpdir(), 'platform-'));
  try {
    // No address and no image is asked for.
    const shell = { CI, VPS_HOST: 'localhost', VPS_USER: 'nobody' };
    return new Platform(new App({ outdir }), catalogue, {
      environment,
      shell,
      imageLock: {},
      secretSalts: readSalts(saltFile({ SECRET_SALTS })),
      scripts: bundledScripts(resolve('dist')),
    });
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/**
 * Where `docker stack deploy` goes, else where Terraform would.
 *
 * @param typed the environment, where it was typed
 * @throws {UsageError} where it is deployed to another server than `DOCKER_HOST`
 */
export function findTarget(env: Shell, defaultHost: string | undefined, typed: string | undefined) {
  if (env.DOCKER_HOST) {
    const own = serverUrl({ ...env, VPS_HOST: env.VPS_HOST || defaultHost });
    if (typed !== undefined) refuseAnother(typed, env, own, 'unset DOCKER_HOST, or give it that server');
    return { host: env.DOCKER_HOST };
  }
  if (!env.VPS_HOST && !defaultHost) {
    throw new Error(
      'neither DOCKER_HOST nor VPS_HOST is set: the server of the platform\n  export DOCKER_HOST=ssh://deploy@203.0.113.10, or unix:///var/run/docker.sock on the server itself',
    );
  }
  const { url, sshOptions } = Connection.fromEnvironment(env, defaultHost);
  return { host: url, sshOptions };
}
