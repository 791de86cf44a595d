import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, bundledScripts, Platform } from '../constructs';
import { readLock } from '../operations/images/lock-file';
import { declaredNames } from '../operations/stack/strangers';
import { platform as catalogue } from '../services.config';

/** For what looks at a running stack: the catalogue's own names, by which it tells what is none of them. */
// cdktf makes an app's folder at once, although nothing is synthesized into it.
const scratch = mkdtempSync(join(tmpdir(), 'names-'));
try {
  const platform = new Platform(new App({ outdir: scratch }), catalogue, {
    environment: process.env.PLATFORM_ENVIRONMENT || 'production',
    // Nothing is connected to, so no address is needed.
    shell: { VPS_HOST: 'localhost', VPS_USER: 'nobody' },
    imageLock: readLock(process.env.IMAGE_LOCK || 'images.lock.json'),
    scripts: bundledScripts('dist'),
  });
  const names = declaredNames(platform.toTerraform(), platform.environment.name);
  process.argv.splice(2, 0, '--declared', JSON.stringify(names));
} catch {
  // A catalogue that is being written must not hide how the server is; a deploy says what is wrong with it.
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
