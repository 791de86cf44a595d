import { App, bundledScripts, Platform } from './constructs';
import { readLock } from './operations/images/lock-file';
import { readSalts, saltFile } from './operations/state/salts';
import { platform } from './services.config';

const app = new App();
new Platform(app, platform, {
  environment: process.env.PLATFORM_ENVIRONMENT || 'production',
  shell: process.env,
  imageLock: readLock(process.env.IMAGE_LOCK || 'images.lock.json'),
  secretSalts: readSalts(saltFile(process.env)),
  scripts: bundledScripts('dist'),
});
app.synth();
