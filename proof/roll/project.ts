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

/** One change of the project, as a person would make it in an editor. */
export interface Patch {
  /** Statements on `platform`, the catalogue's object, with `constructs` beside it. */
  readonly catalogue?: string;
  /** In a file of the project: this text becomes that one. */
  readonly file?: { readonly path: string; readonly from: string; readonly to: string };
}

/** Named patches, applied in their order. */
export type Variant = Readonly<Record<string, Patch>>;

/** What is made, not written. */
const MADE = /^(node_modules|dist|coverage|compose|cdktf\.out.*|\..*|.*\.tfstate.*)$/;
const WRITTEN = 'services.written.ts';
/** What a changed catalogue begins with. */
const HEAD = [
  `import * as constructs from './constructs';`,
  `import { platform as written } from './services.written';`,
].join('\n');

/** A copy of the project that is deployed from, so that its catalogue can be changed. */
export class Project {
  /** @throws Error when the folder cannot be written */
  constructor(
    private readonly root: string,
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
    renameSync(join(folder, 'services.config.ts'), join(folder, WRITTEN));
  }

  /** Makes the copy the project with exactly these patches. @throws Error when a file does not have a patch's text */
  become(variant: Variant): void {
    const patches = Object.values(variant);
    rmSync(join(this.folder, 'constructs'), { recursive: true });
    cpSync(join(this.root, 'constructs'), join(this.folder, 'constructs'), { recursive: true });
    for (const { file } of patches) if (file) this.edit(file);
    writeFileSync(
      join(this.folder, 'services.config.ts'),
      `${HEAD}
const platform: any = written;
void constructs;
${patches.map(({ catalogue }) => catalogue ?? '').join('\n')}
export { platform };
`,
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private edit({ path, from, to }: NonNullable<Patch['file']>): void {
    const file = join(this.folder, path);
    const text = readFileSync(file, 'utf8');
    if (!text.includes(from))
      throw new Error(`${path} has no ${from}\n  mend the bench: the file was changed`);
    writeFileSync(
      file,
      text.replace(from, () => to),
    );
  }
}
