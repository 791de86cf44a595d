import { answerHelp, readArguments, UsageError } from '../../operations/terminal/command-line';
import { type Simulated, simulate } from './simulate';

export const USAGE = `usage: npm run simulate -- [--seed S] [--histories N]
Lets the gate judge deploys on a simulated Swarm, and holds each verdict against what happened there.
  --seed <number>       of the first history (default: 1)
  --histories <number>  how many (default: 1000)
exit: 0 all agreed, 1 some did not, 64 wrong usage
`;

const OPTIONS = {
  seed: { type: 'string', default: '1' },
  histories: { type: 'string', default: '1000' },
} as const;

/** `npm run simulate`. */
export async function runSimulation(args: readonly string[]): Promise<number> {
  if (answerHelp(args, USAGE)) return 0;
  try {
    const { values } = readArguments(args, OPTIONS, USAGE);
    const [seed, histories] = [whole(values.seed, '--seed'), whole(values.histories, '--histories')];
    const began = performance.now();
    const onProgress = (done: number) => process.stderr.write(`\r${done} of ${histories} `);
    const simulated = await simulate({ seed, histories, onProgress });
    process.stderr.write('\r');
    const seconds = (performance.now() - began) / 1000;
    for (const line of linesOf(simulated, seed, seconds)) process.stdout.write(`${line}\n`);
    return simulated.disagreements.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 64;
  }
}

function whole(text: string, option: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${option} ${text} is not a whole number\n${USAGE}`);
  return Number(text);
}

/** What is printed at the end. */
export function linesOf(
  { histories, outcomes, disagreements }: Simulated,
  seed: number,
  seconds: number,
): string[] {
  const counts = [...outcomes].sort(([, a], [, b]) => b - a).map(([outcome, count]) => `${count} ${outcome}`);
  return [
    ...disagreements.flatMap(({ seed: of, why, scenario }) => [
      `seed ${of} disagrees:`,
      ...why.map((line) => `  ${line.replaceAll('\n', '\n  ')}`),
      `  with no more than ${JSON.stringify(scenario.ingredients)}`,
    ]),
    `seed ${seed}, ${histories} histories, ${seconds.toFixed(1)} s, ${disagreements.length} disagreements`,
    `verdicts: ${counts.join(', ')}`,
  ];
}
