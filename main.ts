import { readFileSync } from 'node:fs';
import { App, bundledScripts, Platform } from './constructs';
import { platform } from './services.config';

const app = new App();
new Platform(app, platform, {
  environment: process.env.PLATFORM_ENVIRONMENT || 'production',
  shell: process.env,
  imageLock: JSON.parse(readFileSync(process.env.IMAGE_LOCK || 'images.lock.json', 'utf8')),
  scripts: bundledScripts('dist'),
});
app.synth();
