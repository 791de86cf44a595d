import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type LabPaths, labFile } from '../ground/paths';
import { CELL, markOf } from '../ground/processes';
import type { Print } from '../ground/progress';
import { run } from '../ground/shell';
import { type Recipe, rootKeyOf } from './recipes';

const DEBIAN = process.env.LAB_DEBIAN_MIRROR || 'http://deb.debian.org/debian';
const MAVEN = process.env.LAB_MAVEN_MIRROR || 'https://repo1.maven.org/maven2';

/** Documentation and translations, a third of a small root. */
const WITHOUT = ['doc', 'man', 'info', 'locale', 'i18n/locales'].map((name) => `/usr/share/${name}/*`);

// Unpacking on a disk is mostly waiting for it. The mount is the cell's own and goes with it; a root has up to 0.6 GiB.
const BUILD_IN_MEMORY = 'mount -t tmpfs -o mode=755,size=2g lab-build "$0" && TMPDIR=$0 exec mmdebstrap "$@"';

/** A tar of a Debian with the recipe's packages, customized; made once per content and kept in the cache. */
export async function ensureRoot(paths: LabPaths, recipe: Recipe, note: Print): Promise<string> {
  const target = join(paths.cache, `${recipe.name}-${rootKeyOf(recipe)}.tar`);
  if (existsSync(target)) return target;
  const folder = labFile('images', recipe.name);
  const env: Record<string, string> = markOf(paths, 'build');
  const list = join(folder, 'jars.sha256');
  if (existsSync(list)) {
    note('jars from Maven');
    env.JARS = await ensureJars(paths, list);
  }
  note(`packages of Debian ${recipe.suite}`);
  const half = `${target}.half`;
  await run(
    CELL[0]!,
    [
      ...CELL.slice(1),
      'sh',
      '-c',
      BUILD_IN_MEMORY,
      join(paths.cache, 'tmp'),
      '--quiet',
      '--mode=root',
      '--format=tar',
      '--variant=minbase',
      // A suite that is not released can be past its date where a mirror lags.
      '--aptopt=Acquire::Check-Valid-Until "false"',
      ...WITHOUT.map((pattern) => `--dpkgopt=path-exclude=${pattern}`),
      // Java's installation writes links there.
      '--essential-hook=mkdir -p "$1/usr/share/man/man1"',
      `--include=${recipe.packages.join(',')}`,
      `--customize-hook=${join(folder, 'customize.sh')} "$1"`,
      recipe.suite,
      half,
      DEBIAN,
    ],
    { env, log: join(paths.logs, `image-${recipe.name}.log`) },
  );
  renameSync(half, target);
  return target;
}

/** The jars of a list in `sha256sum`'s format, each one checked. @returns their folder */
async function ensureJars(paths: LabPaths, list: string): Promise<string> {
  const folder = join(paths.cache, 'jars');
  mkdirSync(folder, { recursive: true });
  const jars = readFileSync(list, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(/\s+/)[1]!);
  const missing = jars.filter((jar) => !existsSync(join(folder, basename(jar))));
  if (missing.length > 0) {
    const half = join(paths.cache, 'jars.half');
    rmSync(half, { recursive: true, force: true });
    mkdirSync(half);
    const wanted = missing.map((jar) => `url = "${MAVEN}/${jar}"\noutput = "${join(half, basename(jar))}"`);
    await run(
      'curl',
      ['--fail', '--silent', '--show-error', '--location', '--retry', '3', '--parallel', '--config', '-'],
      {
        input: wanted.join('\n'),
      },
    );
    for (const jar of missing) renameSync(join(half, basename(jar)), join(folder, basename(jar)));
  }
  const sums = readFileSync(list, 'utf8').replace(/\S+\/(?=[^/\n]+$)/gm, '');
  await run('sh', ['-c', 'cd "$1" && sha256sum --quiet --check -', 'sh', folder], { input: sums });
  return folder;
}

/** Removes what an interrupted build left lying; nothing of it may run any more. */
export function removeHalves(paths: LabPaths): void {
  for (const name of readdirSync(paths.cache)) {
    if (name === 'tmp' || name.endsWith('.half'))
      rmSync(join(paths.cache, name), { recursive: true, force: true });
  }
  mkdirSync(join(paths.cache, 'tmp'), { recursive: true });
}
