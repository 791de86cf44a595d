import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type * as constructs from '../../../constructs';
import type { Variant } from '../../../proof/platform/patch';
import { Project } from '../../../proof/platform/project';

const ENTRY = `export { App, composeOf, Platform } from './constructs';
export { platform } from './services.config';`;
const SHELL = { VPS_HOST: '203.0.113.10', VPS_USER: 'root', IMAGE_REGISTRY: '127.0.0.1:5000' };
/** Digests for whatever image is asked for. */
const LOCK: constructs.ImageLock = new Proxy({}, { get: () => `sha256:${'a'.repeat(64)}` });
const SCRIPT = join(process.cwd(), 'build', 'run.mjs');
const scripts = { rollout: SCRIPT, provision: SCRIPT, checkCertificate: SCRIPT, place: SCRIPT, job: SCRIPT };

/** A copy of the project that takes the variants of a benchmark. */
export class VariantProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'variants-'));
  private readonly project = new Project(process.cwd(), join(this.folder, 'copy'));
  private rounds = 0;

  constructor() {
    // A scenario's catalogue takes the lab's registry from the process.
    process.env.IMAGE_REGISTRY ??= SHELL.IMAGE_REGISTRY;
  }

  /** Synthesizes a variant, with all validations. @returns the content of its configs by their id */
  configsOf(variant: Variant): ReadonlyMap<string, string> {
    this.project.become(variant);
    const round = this.rounds++;
    // In the copy, where packages are found; of another name each time, since Node.js remembers.
    const outfile = join(this.project.folder, `variant-${round}.js`);
    buildSync({
      stdin: { contents: ENTRY, resolveDir: this.project.folder, loader: 'ts' },
      bundle: true,
      platform: 'node',
      target: 'node20',
      packages: 'external',
      outfile,
    });
    const { App, composeOf, Platform, platform } = require(outfile) as typeof constructs & {
      readonly platform: constructs.PlatformSpec;
    };
    const outdir = join(this.folder, `out-${round}`);
    mkdirSync(outdir);
    const app = new App({ outdir });
    const stack = new Platform(app, platform, { environment: 'lab', shell: SHELL, imageLock: LOCK, scripts });
    app.synth();
    return new Map(
      [...composeOf(stack).configs].map(([path, content]) => [path.replace('configs/', ''), content]),
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
