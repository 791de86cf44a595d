import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Platform, type PlatformProps, type PlatformSpec } from '../../../constructs';
import { BACKUP_IMAGE } from '../../../constructs/units/backup';
import type { Shell } from '../../../contract/shell';
import type { Json } from './template';

export const DIGEST = `sha256:${'a'.repeat(64)}`;
export const SHELL = { VPS_HOST: '203.0.113.10', VPS_USER: 'root' };

/** Let's Encrypt, as a catalogue asks for it. */
export const ACME = {
  mode: 'letsencrypt',
  image: 'certbot/certbot:v5.8.0',
  email: 'operations@example.com',
  directory: 'production',
} as const;

/** A digest for every image that a catalogue names, in whatever environment. */
export function lockOf(spec: PlatformSpec): Record<string, string> {
  const images = JSON.stringify(spec).matchAll(/"image":"([^"]+)"/g);
  return Object.fromEntries(
    [BACKUP_IMAGE, ...[...images].map(([, image]) => image!)].map((image) => [image, DIGEST]),
  );
}

/** A folder of its own, away from the project, with stand-ins for the bundled scripts. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'platform-'));
  readonly scripts = {
    rollout: this.write('scripts/rollout.js', '// waits for the rollout\n'),
    provision: this.write('scripts/provision.js', '// provisions MariaDB\n'),
    checkCertificate: this.write('scripts/check-certificate.js', '// checks the pair\n'),
    place: this.write('scripts/place.js', '// looks where the data is\n'),
    job: this.write('scripts/job.js', '// runs something once\n'),
  };

  write(name: string, content: string): string {
    const path = join(this.folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /** The platform as constructs, in an app that writes to `out-<environment>`. */
  build(
    spec: PlatformSpec,
    environment = 'production',
    shell: Shell = SHELL,
    more: Partial<PlatformProps> = {},
  ) {
    // As deep as cdktf.out: what is relative to the project then is so to this folder.
    const outdir = join(this.folder, `out-${environment}`);
    mkdirSync(outdir, { recursive: true });
    const app = new App({ outdir });
    const platform = new Platform(app, spec, {
      environment,
      shell,
      imageLock: lockOf(spec),
      scripts: this.scripts,
      projectFolder: this.folder,
      ...more,
    });
    return { app, platform, outdir };
  }

  /** Synthesizes with all validations; what Terraform is told, and the folder in which all of it is. */
  synth(...what: Parameters<Workplace['build']>): { json: Json; outdir: string } {
    const { app, platform, outdir } = this.build(...what);
    app.synth();
    const file = join(outdir, 'stacks', platform.node.id, 'cdk.tf.json');
    return { json: withoutMetadata(JSON.parse(readFileSync(file, 'utf8'))), outdir };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Without cdktf's comments (`//`), which name its own version and the constructs' paths. */
function withoutMetadata(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutMetadata);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '//')
      .map(([key, item]) => [key, withoutMetadata(item)]),
  );
}
