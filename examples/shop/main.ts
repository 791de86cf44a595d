import { readFileSync } from 'node:fs';
import { App, Platform } from 'proctorwise-swarm';
import { platform } from './services.config';

const app = new App();
new Platform(app, platform, {
  environment: 'production',
  shell: process.env,
  imageLock: JSON.parse(readFileSync('images.lock.json', 'utf8')),
});
app.synth();
