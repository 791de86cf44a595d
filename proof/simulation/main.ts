import { UsageError } from '../../operations/terminal/usage-error';
import { type Simulated, simulate } from './simulate';

/** As it was written. */
export interface WrittenSimulation {
  readonly seed: string | undefined;
  readonly histories: string | undefined;
}

/** `./proctor simulate`. Resolves to the exit code. @throws {UsageError} */
export async function runSimulation(written: WrittenSimulation): Promise<number> {
  const seed = whole(written.seed ?? '1', '--seed');
  const histories = whole(written.histories ?? '1000', '--histories');
  const began = performance.now();
  const onProgress = (done: number) => process.stderr.write(`\r${done} of ${histories} `);
  const simulated = await simulate({ seed, histories, onProgress });
  process.stderr.write('\r');
  const seconds = (performance.now() - began) / 1000;
  for (const line of linesOf(simulated, seed, seconds)) process.stdout.write(`${line}\n`);
  return simulated.disagreements.length === 0 ? 0 : 1;
}

function whole(text: string, option: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`${option} ${text} is not a whole number\nwrite one of up to nine digits`);
}

/** What is printed at the end. */
export function linesOf(
  { histories, outcomes, migrations, disagreements }: Simulated,
  seed: number,
  seconds: number,
): string[] {
  const counted = (counts: ReadonlyMap<string, number>) =>
    [...counts]
      .sort(([, a], [, b]) => b - a)
      .map(([what, count]) => `${count} ${what}`)
      .join(', ');
  return [
    ...disagreements.flatMap(({ seed: of, why, scenario }) => [
      `seed ${of} disagrees:`,
      ...why.map((line) => `  ${line.replaceAll('\n', '\n  ')}`),
      `  with no more than ${JSON.stringify(scenario.ingredients)}`,
    ]),
    `seed ${seed}, ${histories} histories, ${seconds.toFixed(1)} s, ${disagreements.length} disagreements`,
    `verdicts: ${counted(outcomes)}`,
    `deploys with a migration: ${counted(migrations)}`,
  ];
}
