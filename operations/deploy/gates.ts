import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GateLine } from '../../contract/gate-line';
import type { KeptReport } from '../../contract/gate-report';

/** @returns undefined for what no gate wrote */
export function readGateLine(line: string): GateLine | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const { gate, text }: Partial<GateLine> = JSON.parse(line);
    return (gate === 'progress' || gate === 'report') && typeof text === 'string'
      ? { gate, text }
      : undefined;
  } catch {
    return undefined;
  }
}

/** For people: Terraform repeats in its error what a gate that failed has printed. */
export const decodeLines = (text: string): string =>
  text.replaceAll(/\{"gate":.*\}$/gm, (line) => readGateLine(line)?.text ?? line);

/** What gates leave in a folder, as far as it is whole: a file under way has another name. */
export function readReports(folder: string): KeptReport[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as KeptReport);
}
