import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, bundledScripts, composeOf, Platform } from '../constructs';
import { readLock } from '../operations/images/lock-file';
import { platform as catalogue } from '../services.config';
import { writeFolder } from './write-folder';

/** `./proctor compose [--with smtp_username,smtp_password]`: writes compose/docker-compose.swarm.yml and its configs. */
const [flag, names] = process.argv.slice(2);
if (flag !== undefined && (flag !== '--with' || !names)) {
  console.error('usage: ./proctor compose [--with <secret,…>]');
  process.exit(64);
}
// cdktf makes an app's folder at once, although nothing is synthesized into it.
const scratch = mkdtempSync(join(tmpdir(), 'compose-'));
try {
  write(process.env.COMPOSE_OUT || 'compose', names?.split(',') ?? []);
} catch (error) {
  console.error(`error: ${(error as Error).message}`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function write(folder: string, optionalSecrets: readonly string[]): void {
  const platform = new Platform(new App({ outdir: scratch }), catalogue, {
    environment: process.env.PLATFORM_ENVIRONMENT || 'production',
    // Nothing is connected to, so no address is needed.
    shell: { ...process.env, VPS_HOST: 'localhost', VPS_USER: 'nobody', CI: 'false' },
    imageLock: readLock(process.env.IMAGE_LOCK || 'images.lock.json'),
    scripts: bundledScripts('dist'),
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
