import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Names and versions of a stack's providers, in one line; empty where it has no lock file. */
export function readProviders(stackFolder: string): string {
  const file = join(stackFolder, '.terraform.lock.hcl');
  if (!existsSync(file)) return '';
  const text = readFileSync(file, 'utf8');
  const found = [...text.matchAll(/^provider "([^"]+)" \{[^}]*?^\s*version\s*=\s*"([^"]+)"/gm)];
  return found
    .map(([, name, version]) => `${name} ${version}`)
    .sort()
    .join(', ');
}
