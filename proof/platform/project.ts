import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { catalogueModule, configModule } from './generated';
import type { Variant } from './patch';

/** What is made, not written. */
const MADE = /^(node_modules|dist|coverage|compose|cdktf\.out.*|\..*|.*\.tfstate.*)$/;

/** Modules whose place a generated one takes, beside the written one. */
const CATALOGUE = { file: 'services.config.ts', written: 'services.written' };
const CONFIG = { file: 'constructs/swarm/config.ts', written: 'config.written' };

/** A copy of the project that is deployed from, so that the platform can be changed. No written file of it is. */
export class Project {
  /** @throws Error when the folder cannot be written */
  constructor(
    root: string,
    readonly folder: string,
  ) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(root).filter((entry) => !MADE.test(entry))) {
      cpSync(join(root, name), join(folder, name), { recursive: true });
    }
    if (existsSync(join(root, '.terraform.lock.hcl'))) {
      cpSync(join(root, '.terraform.lock.hcl'), join(folder, '.terraform.lock.hcl'));
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const { file, written } of [CATALOGUE, CONFIG]) {
      renameSync(join(folder, file), join(folder, file, '..', `${written}.ts`));
    }
    this.become({});
  }

  /** Makes the copy the project with exactly these patches. */
  become(variant: Variant): void {
    const patches = Object.values(variant);
    this.write(CATALOGUE.file, catalogueModule(CATALOGUE.written, patches));
    this.write(CONFIG.file, configModule(CONFIG.written, patches));
  }

  /** Where nothing changes nobody has edited anything: a file of a new time would be checked anew. */
  private write(file: string, content: string): void {
    const path = join(this.folder, file);
    if (!existsSync(path) || readFileSync(path, 'utf8') !== content) writeFileSync(path, content);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
