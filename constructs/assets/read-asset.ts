import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Scripts and templates are real files, tested as such; a bundle finds them beside the project it was built from. */
const folders = [join(__dirname, 'assets'), join(process.cwd(), 'constructs', 'assets')];

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
