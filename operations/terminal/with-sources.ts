import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';

/** `    at steps (/a/dist/cli/deploy.js:21:7)`, where folders may be called as they like. */
const POSITION = /^(\s+at (?:.*\()?(?:async )?)(\/.+\.js):(\d+):(\d+)(?=\)?$)/gm;

/**
 * A stack whose positions in a bundle are those of the sources, where there is a map.
 *
 * Node.js does that by itself where it is told so from the start, and then reads the map of all that it loads: a tenth of a
 * second of each run, for what is needed only where the program itself fails.
 */
export function withSources(stack: string): string {
  const maps = new Map<string, SourceMap | undefined>();
  return stack.replace(POSITION, (written, before: string, file: string, line: string, column: string) => {
    if (!maps.has(file)) maps.set(file, readMap(`${file}.map`));
    const entry = maps.get(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!entry || !('originalSource' in entry) || entry.originalSource === undefined) return written;
    return `${before}${resolve(dirname(file), entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}

function readMap(path: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // None, or half of one: the bundle's own position is better than none.
    return undefined;
  }
}
