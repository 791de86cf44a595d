import { againstFreshness } from './fresh/judge';
import { play } from './history/play';
import type { Played } from './history/played';
import { disagreements } from './judge/judge';
import { generateMigration } from './migration/generate';
import type { MigrationScenario } from './migration/ingredients';
import { migrationDisagreements } from './migration/judge';
import { type PlayedMigration, playMigration } from './migration/play';
import { generate } from './scenario/generate';
import type { Scenario } from './scenario/ingredients';
import { shrink } from './scenario/shrink';

/** A history of which the gate, or a migration, told something that was not so. */
export interface Disagreement {
  readonly seed: number;
  readonly why: readonly string[];
  /** With as little in it as the same needs. */
  readonly scenario: Scenario | MigrationScenario;
}

export interface Simulated {
  readonly histories: number;
  /** How often each outcome was. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** How often deploys with a migration ended how. */
  readonly migrations: ReadonlyMap<string, number>;
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
  const migrations = new Map<string, number>();
  const found: Disagreement[] = [];
  let done = 0;
  for (; done < histories && found.length < most; done++) {
    const scenario = generate(seed + done);
    const played = await play(scenario);
    const outcome = played.result?.outcome ?? 'thrown';
    count(outcomes, outcome);
    const why = await whyOf(scenario, played);
    if (why.length > 0)
      found.push({ seed: seed + done, why, scenario: await smallest(scenario, why, whyOf) });

    const second = generateMigration(seed + done);
    const migrated = await playMigration(second);
    for (const how of endsOf(migrated)) count(migrations, how);
    const wrong = migrationDisagreements(migrated);
    if (wrong.length > 0)
      found.push({ seed: seed + done, why: wrong, scenario: await smallest(second, wrong, whyOfMigration) });
    if (done % 1000 === 999) onProgress?.(done + 1);
  }
  return { histories: done, outcomes, migrations, disagreements: found };
}

/** The same disagreement, names of tasks and times apart. */
async function smallest<S extends Scenario | MigrationScenario>(
  scenario: S,
  why: readonly string[],
  whyNot: (smaller: S) => Promise<readonly string[]>,
): Promise<Scenario | MigrationScenario> {
  const kinds = new Set(why.map(kindOf));
  return shrink<S['ingredients'][number]>(scenario, async (smaller) =>
    (await whyNot(smaller as S)).some((one) => kinds.has(kindOf(one))),
  ) as Promise<S>;
}

const whyOf = async (scenario: Scenario, played?: Played): Promise<string[]> => [
  ...disagreements(played ?? (await play(scenario))),
  ...(await againstFreshness(scenario)),
];

const whyOfMigration = async (scenario: MigrationScenario): Promise<string[]> =>
  migrationDisagreements(await playMigration(scenario));

function* endsOf({ deploys, next }: PlayedMigration): Iterable<string> {
  for (const { actor, step, verdict } of [...deploys, next]) {
    if (actor.killed) yield 'killed';
    else yield step?.code ? 'not migrated' : verdict === 'success' ? 'deployed' : 'not rolled';
  }
}

const count = (counts: Map<string, number>, what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);

const kindOf = (why: string): string => why.replaceAll(/task\d+|[\d.]+/g, '#').slice(0, 120);
