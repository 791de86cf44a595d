import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '../../contract/outcome';

/** What a gate left in the folder `ROLLOUT_REPORTS`. */
export interface GateReport {
  /** As in Swarm. */
  readonly service: string;
  readonly outcome: Outcome;
  readonly exitCode: number;
  readonly reason: string;
  readonly seconds: number;
  readonly running: number;
  readonly wanted: number;
  readonly replaced: number;
  readonly image?: string;
  readonly previousImage?: string;
  /** What it printed. */
  readonly report: string;
}

/** Those that are whole; a file under way has another name. */
export function readReports(folder: string): GateReport[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as GateReport);
}
