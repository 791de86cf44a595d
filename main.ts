import { App, bundledScripts, Platform } from './constructs';
import { readLock } from './operations/images/lock-file';
import { platform } from './services.config';

const app = new App();
new Platform(app, platform, {
  environment: process.env.PLATFORM_ENVIRONMENT || 'production',
  shell: process.env,
  imageLock: readLock(process.env.IMAGE_LOCK || 'images.lock.json'),
  scripts: bundledScripts('dist'),
});
app.synth();
