import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

export interface Import {
  /** The importing file, relative to the project. */
  readonly from: string;
  /** A file relative to the project where it is one of its own, else the package as it is written. */
  readonly to: string;
  readonly own: boolean;
}

/** `import … from`, `export … from` (types too), `import '…'`, `import('…')` and `require('…')`. */
const SPECIFIER =
  /^(?:import|export)\b[^;'"]*?\bfrom\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]/gm;

export const specifiers = (source: string): string[] =>
  [...source.matchAll(SPECIFIER)].map(([, from, bare, call]) => (from ?? bare ?? call)!);

/** Every import in the project's TypeScript files under these folders, or in these files. */
export function importsOf(...paths: string[]): Import[] {
  return paths
    .flatMap(typescriptFiles)
    .flatMap((from) => specifiers(readFileSync(join(ROOT, from), 'utf8')).map((to) => resolved(from, to)));
}

const typescriptFiles = (path: string): string[] =>
  path.endsWith('.ts') ? [path] : filesUnder(path).filter((name) => name.endsWith('.ts'));

/** Every file below these folders, relative to the project. */
export const filesUnder = (...folders: string[]): string[] =>
  folders
    .filter((folder) => existsSync(join(ROOT, folder)))
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
    )
    .sort();

function resolved(from: string, written: string): Import {
  if (!written.startsWith('.')) return { from, to: written, own: false };
  const path = normalize(join(dirname(from), written));
  const file = [`${path}.ts`, join(path, 'index.ts'), path].find((candidate) =>
    existsSync(join(ROOT, candidate)),
  );
  if (!file) throw new Error(`${from} imports ${written}, which is not there`);
  return { from, to: file, own: true };
}

/** One way round for each cycle that a depth-first walk meets. */
export function cycles(imports: readonly Import[]): string[] {
  const graph = new Map<string, string[]>();
  for (const { from, to } of imports) graph.set(from, [...(graph.get(from) ?? []), to]);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (path.includes(file) || done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}
