import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Beside this file, in the sources as in the package; a bundle finds them in the project that it was built from. */
const folders = [__dirname, join(process.cwd(), 'constructs', 'assets')];

/** The text of a file in `constructs/assets/`. */
export function readAsset(name: string): string {
  for (const folder of folders) {
    try {
      return readFileSync(join(folder, name), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`constructs/assets/${name} is missing\n  run from the project's folder`);
}
