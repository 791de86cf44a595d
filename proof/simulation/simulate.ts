import { againstFreshness } from './fresh/judge';
import { play } from './history/play';
import { disagreements } from './judge/judge';
import { generate } from './scenario/generate';
import type { Scenario } from './scenario/ingredients';
import { shrink } from './scenario/shrink';

/** A history of which the gate told something that was not so. */
export interface Disagreement {
  readonly seed: number;
  readonly why: readonly string[];
  /** With as little in it as the same needs. */
  readonly scenario: Scenario;
}

export interface Simulated {
  readonly histories: number;
  /** How often each outcome was. */
  readonly outcomes: ReadonlyMap<string, number>;
  readonly disagreements: readonly Disagreement[];
}

export interface SimulateOptions {
  /** The seed of the first history; the others follow. */
  readonly seed: number;
  readonly histories: number;
  /** Disagreements after which it ends. @default 10 */
  readonly most?: number;
  readonly onProgress?: (done: number) => void;
}

/** Lets so many histories happen, and holds each verdict of the gate against what was. */
export async function simulate({
  seed,
  histories,
  most = 10,
  onProgress,
}: SimulateOptions): Promise<Simulated> {
  const outcomes = new Map<string, number>();
  const found: Disagreement[] = [];
  let done = 0;
  for (; done < histories && found.length < most; done++) {
    const scenario = generate(seed + done);
    const played = await play(scenario);
    const outcome = played.result?.outcome ?? 'thrown';
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    const why = [...disagreements(played), ...(await againstFreshness(scenario))];
    if (why.length > 0) found.push({ seed: seed + done, why, scenario: await smallest(scenario, why) });
    if (done % 1000 === 999) onProgress?.(done + 1);
  }
  return { histories: done, outcomes, disagreements: found };
}

/** The same disagreement, names of tasks and times apart. */
async function smallest(scenario: Scenario, why: readonly string[]): Promise<Scenario> {
  const kinds = new Set(why.map(kindOf));
  return shrink(scenario, async (smaller) =>
    [...disagreements(await play(smaller)), ...(await againstFreshness(smaller))].some((one) =>
      kinds.has(kindOf(one)),
    ),
  );
}

const kindOf = (why: string): string => why.replaceAll(/task\d+|[\d.]+/g, '#').slice(0, 120);
