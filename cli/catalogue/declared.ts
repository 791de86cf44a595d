import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App, bundledScripts, Platform } from '../../constructs';
import type { Shell } from '../../contract/shell';
import { readLock } from '../../operations/images/lock-file';
import { type DeclaredNames, declaredNames } from '../../operations/stack/strangers';
import { platform as catalogue } from '../../services.config';

/**
 * The catalogue's own names, by which is told what is none of them. Undefined where it breaks a rule: one that is being
 * written must not hide how the server is, and a deploy says what is wrong with it.
 */
export function declaredOf(environment: string, { IMAGE_LOCK }: Shell): DeclaredNames | undefined {
  // cdktf makes an app's folder at once, although nothing is synthesized into it.
  const outdir = mkdtempSync(join(tmpdir(), 'names-'));
  try {
    const platform = new Platform(new App({ outdir }), catalogue, {
      environment,
      // Nothing is connected to, so no address is needed.
      shell: { VPS_HOST: 'localhost', VPS_USER: 'nobody' },
      imageLock: readLock(IMAGE_LOCK || 'images.lock.json'),
      scripts: bundledScripts(resolve('dist')),
    });
    return declaredNames(platform.toTerraform(), platform.environment.name);
  } catch {
    return undefined;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
