import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError } from '../../lab/ground/error';
import { run } from '../../lab/ground/shell';

/** The project as it was at a tag, in a folder of its own. */
export interface Older {
  readonly folder: string;
  /** A verb of that version, with all of this shell. @throws CommandError with what it said */
  proctor(...words: string[]): Promise<string>;
  remove(): void;
}

/**
 * Lays a tag out beside the project. Where it wants other packages than there are here, they are installed.
 *
 * @throws LabError for a tag that there is not
 */
export async function olderVersion(root: string, tag: string): Promise<Older> {
  // A tag, and no option of git's.
  const commit = await run('git', [
    '-C',
    root,
    'rev-parse',
    '--verify',
    '--end-of-options',
    `${tag}^{commit}`,
  ])
    .then((text) => text.trim())
    .catch(() => {
      throw new LabError(
        `there is no tag ${tag}`,
        'name one that `git tag` lists; a shallow clone has none: git fetch --tags',
      );
    });
  const folder = mkdtempSync(join(tmpdir(), 'proctorwise-older-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const archive = join(folder, 'project.tar');
    await run('git', ['-C', root, 'archive', '--output', archive, commit]);
    await run('tar', ['-x', '-f', archive, '-C', folder]);
    rmSync(archive);
    await packages(root, folder);
  } catch (error) {
    remove();
    throw error;
  }
  return {
    folder,
    proctor: (...words) =>
      run('sh', ['-c', 'cd "$0" && exec "$@"', folder, process.execPath, 'proctor', ...words]),
    remove,
  };
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Those that are here serve where each that it wants is among them, of the same version. */
async function packages(root: string, folder: string): Promise<void> {
  const [here, there] = [packagesOf(root), packagesOf(folder)];
  if (Object.entries(there).every(([name, version]) => here[name] === version)) {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  } else {
    await run('npm', ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund']);
  }
}

function packagesOf(folder: string): Readonly<Record<string, string>> {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  return { ...manifest.dependencies, ...manifest.devDependencies };
}
