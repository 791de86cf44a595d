import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Backend } from '../stack/backend';
import { type Finding, ok, warning } from '../terminal/finding';

/** What a synth makes for this user alone; Terraform, plans with all secrets in clear among it, works inside. */
const OUTPUT = /^cdktf\.out(\.(?!.*\.lock$)|$)/;

/**
 * Whether other users of this machine can read a secret in what Terraform leaves: a local state, its backups, plans.
 *
 * @param stacks the environment's stacks, whose states lie beside each other
 */
export function judgeFiles(
  projectFolder: string,
  backend: Backend,
  stacks: readonly string[] = [],
): Finding[] {
  if (process.platform === 'win32') return [];
  const states = backend.kind === 'local' ? statesOf(projectFolder, backend.path, stacks) : [];
  const outputs = namesIn(projectFolder)
    .filter((name) => OUTPUT.test(name))
    .map((name) => join(projectFolder, name));
  const named = (path: string) => relative(projectFolder, path) || path;
  const wide = [...states, ...outputs].filter(isWide);
  if (wide.length > 0) {
    return wide.map((path) =>
      warning(
        'files',
        `other users of this machine can read ${named(path)}, which may hold every secret`,
        `chmod go= ${named(path)}; the next deploy does it to the state`,
      ),
    );
  }
  return states.length > 0 ? [ok('files', 'the state and its backups are for this user alone')] : [];
}

/** With every backup that Terraform keeps beside them. */
function statesOf(projectFolder: string, path: string, stacks: readonly string[]): string[] {
  // Relative to cdktf.out/stacks/<stack>, where Terraform runs.
  const file = resolve(projectFolder, 'cdktf.out', 'stacks', '-', path);
  const folder = dirname(file);
  const files = [basename(file), ...stacks.map((stack) => `terraform.${stack}.tfstate`)];
  return namesIn(folder)
    .filter((name) => files.some((one) => name === one || name.startsWith(`${one}.`)))
    .map((name) => join(folder, name));
}

function isWide(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return false;
  const { mode, size } = found;
  // An empty file has nothing to tell, and a folder is entered by more than its readers.
  return (mode & 0o077) !== 0 && (found.isDirectory() || size > 0);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
