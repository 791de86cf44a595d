import type { GateLine } from '../../contract/gate-line';

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
