import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App, bundledScripts, composeOf, Platform } from '../../constructs';
import { readLock } from '../../operations/images/lock-file';
import { namesIn } from '../../operations/policy/names';
import { platform as catalogue } from '../../services.config';
import { environmentOf } from '../read/environment';
import type { Call, Run } from '../table/verb';
import type { compose as verb } from '../verbs/compose';
import { writeFolder } from './write-folder';

/** Writes compose/docker-compose.swarm.yml and its configs. */
export const run: Run<typeof verb> = (call) => {
  const environment = environmentOf(call.values.environment, call.shell);
  // cdktf makes an app's folder at once, although nothing is synthesized into it.
  const scratch = mkdtempSync(join(tmpdir(), 'compose-'));
  try {
    write(call, environment, scratch);
    return 0;
  } catch (error) {
    console.error(`error: ${(error as Error).message}`);
    return 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

function write({ values, shell }: Call<typeof verb>, environment: string, scratch: string): void {
  const folder = shell.COMPOSE_OUT || 'compose';
  const optionalSecrets = namesIn(...values.with);
  const platform = new Platform(new App({ outdir: scratch }), catalogue, {
    environment,
    // Nothing is connected to; who knows the address has it among the names under which nginx serves.
    shell: { ...shell, VPS_HOST: shell.VPS_HOST || 'localhost', VPS_USER: 'nobody', CI: 'false' },
    imageLock: readLock(shell.IMAGE_LOCK || 'images.lock.json'),
    scripts: bundledScripts(resolve('dist')),
  });
  const errors = platform.node.validate();
  const known = [...platform.secrets.keys()];
  const unknown = optionalSecrets.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    errors.push(`there is no secret ${unknown.join(', ')}\n  name some of: ${known.join(', ')}`);
  if (errors.length > 0) throw new Error(errors.join('\nerror: '));
  const { compose, configs } = composeOf(platform, { optionalSecrets });
  writeFolder(folder, new Map([['docker-compose.swarm.yml', compose], ...configs]));
  console.log(`${join(folder, 'docker-compose.swarm.yml')} and ${configs.size} config files`);
}
