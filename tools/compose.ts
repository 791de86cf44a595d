import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { App, bundledScripts, composeOf, Platform } from '../constructs';
import { platform as catalogue } from '../services.config';

/** `npm run compose [-- --with smtp_username,smtp_password]`: writes compose/docker-compose.swarm.yml and its configs. */
const [flag, names] = process.argv.slice(2);
if (flag !== undefined && (flag !== '--with' || !names)) {
  console.error('usage: npm run compose [-- --with smtp_username,smtp_password,smtp_from_email]');
  process.exit(64);
}
const folder = process.env.COMPOSE_OUT || 'compose';
const app = new App({ outdir: join(folder, '.synth') });
const platform = new Platform(app, catalogue, {
  environment: process.env.PLATFORM_ENVIRONMENT || 'production',
  // Nothing is connected to, so no address is needed.
  shell: { VPS_HOST: 'localhost', ...process.env },
  imageLock: JSON.parse(readFileSync(process.env.IMAGE_LOCK || 'images.lock.json', 'utf8')),
  scripts: bundledScripts('dist'),
});
const errors = platform.node.validate();
if (errors.length > 0) {
  console.error(`error: ${errors.join('\nerror: ')}`);
  process.exit(1);
}
const { compose, configs } = composeOf(platform, { optionalSecrets: names?.split(',') ?? [] });
for (const [path, content] of [['docker-compose.swarm.yml', compose] as const, ...configs]) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}
console.log(`${join(folder, 'docker-compose.swarm.yml')} and ${configs.size} config files`);
