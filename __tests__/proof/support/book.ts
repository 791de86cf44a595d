import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabPaths } from '../../../lab/ground/paths';
import { table } from '../../../operations/terminal/table';
import type { Counted } from './load';

/** One line of the table at the end. */
export interface Entry {
  readonly fault: string;
  /** What the deploys said, in their own words. */
  readonly verdict: string;
  readonly counted?: Counted;
}

export const bookFile = (paths: LabPaths): string => join(paths.logs, 'faults.jsonl');

/** Prints what was counted at once, and keeps it for the table. */
export function enter(paths: LabPaths, entry: Entry): void {
  appendFileSync(bookFile(paths), `${JSON.stringify(entry)}\n`);
  const kinds = Object.entries(entry.counted?.kinds ?? {}).map(([kind, times]) => `${times} × ${kind}`);
  process.stdout.write(
    `\n${table([HEAD, row(entry)]).join('\n')}\n${kinds.length > 0 ? `failed: ${kinds.join(', ')}\n` : ''}\n`,
  );
}

/** Undefined when nothing was entered. */
export function bookTable(paths: LabPaths): string | undefined {
  const file = bookFile(paths);
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return table([HEAD, ...lines.map((line) => row(JSON.parse(line) as Entry))]).join('\n');
}

const HEAD = ['fault', 'verdict', 'requests', 'failed', 'longest gap', 'rows acknowledged', 'rows lost'];

function row({ fault, verdict, counted }: Entry): string[] {
  if (!counted) return [fault, verdict];
  return [
    fault,
    verdict,
    String(counted.requests),
    String(counted.failed),
    `${counted.longestGapSeconds.toFixed(1)} s ${counted.gapOf}`,
    String(counted.acknowledged),
    String(counted.lost),
  ];
}
