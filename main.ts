import { resolve } from 'node:path';
import { App, bundledScripts, declareHost, Platform } from './constructs';
import { readLock } from './operations/images/lock-file';
import { readSalts, saltFile } from './operations/inputs/salts';
import { platform } from './services.config';

const app = new App();
const where = { environment: process.env.PLATFORM_ENVIRONMENT || 'production', shell: process.env };
declareHost(app, platform, where);
new Platform(app, platform, {
  ...where,
  imageLock: readLock(process.env.IMAGE_LOCK || 'images.lock.json'),
  secretSalts: readSalts(saltFile(process.env)),
  scripts: bundledScripts(resolve('dist')),
});
app.synth();
