// Where the tools are, and whose catalogue they serve: in a clone both are the same folder, and the package is installed in
// another project.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CATALOGUE = 'services.config.ts';

export const tools = join(dirname(fileURLToPath(import.meta.url)), '../..');
export const isClone = existsSync(join(tools, CATALOGUE));

/** @returns undefined where no folder, from here upwards, has a catalogue */
export function findProject(from = process.cwd()) {
  if (isClone) return tools;
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, CATALOGUE))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** @throws Error where there is none */
export function projectFolder() {
  const found = findProject();
  if (found) return found;
  throw new Error(
    `there is no ${CATALOGUE} in this folder, nor above it\n  write one: export const platform = definePlatform({ … })`,
  );
}
