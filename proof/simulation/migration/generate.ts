import { Random } from '../kernel/random';
import { every, type MigrationIngredient, type MigrationScenario } from './ingredients';

type Maker = (random: Random, nodes: number) => MigrationIngredient;

const TIMES = [1, 1, 2, 1000];
const FOREVER_MS = 10_000_000;
/** From before the job is made to after its removal. */
const when = (random: Random) => random.int(0, random.pick([600, 5_000, 20_000, 90_000]));

const trouble: Maker = (random) => {
  const from = when(random);
  const kind = random.pick(['cut', 'cut', 'silent', 'late', 'down', 'mute', 'stale'] as const);
  const ms = random.pick([500, 2_000, 5_000]);
  const to = from + random.pick([500, 3_000, 15_000, 60_000, 200_000]);
  return {
    kind: 'trouble',
    trouble: { kind, from, to, ...(kind === 'late' || kind === 'stale' ? { ms } : {}) },
  };
};

const fails: Maker = (random) => ({
  kind: 'fails',
  afterMs: random.pick([10, 1_000, 4_000, 20_000]),
  code: random.pick([1, 1, 2, 127, 137]),
  times: random.pick(TIMES),
});

/** Longer than it may, or for good. */
const takes: Maker = (random) => ({
  kind: 'takes',
  ms: random.pick([8_000, 25_000, 59_000, 61_000, 70_000, FOREVER_MS, FOREVER_MS]),
  times: random.pick(TIMES),
});

const kill: Maker = (random) => ({ kind: 'kill', at: when(random) });

const left: Maker = (random) => {
  const beforeMs = random.pick([1_000, 8_000, 30_000]);
  return { kind: 'left', beforeMs, afterMs: random.int(20, beforeMs - 100) };
};

const engine: Maker = (random, nodes) => ({
  kind: 'engine',
  at: when(random),
  ms: random.pick([1_000, 6_000, 25_000]),
  node: random.int(1, nodes),
});

const nodeCut: Maker = (random, nodes) => ({
  kind: 'nodeCut',
  at: when(random),
  ms: random.pick([5_000, 25_000, 100_000, FOREVER_MS]),
  node: random.int(1, nodes),
});

/** Each as often as it stands here. */
const MAKERS: readonly Maker[] = [
  fails,
  fails,
  takes,
  takes,
  kill,
  kill,
  left,
  left,
  trouble,
  trouble,
  engine,
  engine,
  nodeCut,
  (random) => ({ kind: 'noStart', times: random.pick(TIMES) }),
  (random) => ({ kind: 'noImage', untilMs: random.pick([1_000, 20_000, FOREVER_MS]) }),
  (random) => ({ kind: 'slowPull', ms: random.pick([5_000, 100_000]) }),
  () => ({ kind: 'unplaceable' }),
  (random) => ({ kind: 'other', at: when(random) }),
  (random) => ({ kind: 'signal', at: when(random) }),
  (random) => ({ kind: 'removed', at: when(random) }),
  (random) => ({
    kind: 'leader',
    at: when(random),
    ms: random.pick([200, 2_000, 8_000]),
    clock: random.pick([0, 0, -400, 400]),
  }),
  (random, nodes) => ({
    kind: 'drain',
    at: when(random),
    ms: random.pick([10_000, FOREVER_MS]),
    node: random.int(1, nodes),
  }),
];

/** A history with a migration for each seed. A third of them meet no more than one fault. */
export function generateMigration(seed: number): MigrationScenario {
  const random = new Random(seed * 2246822519 + 977);
  for (let at = 0; at < 4; at++) random.next();
  const ingredients: MigrationIngredient[] = [];
  const maybe = (probability: number, make: () => MigrationIngredient) => {
    if (random.chance(probability)) ingredients.push(make());
  };
  maybe(0.4, () => ({ kind: 'nodes', count: random.pick([2, 3]) }));
  maybe(0.4, () => ({ kind: 'oldEngine' }));
  maybe(0.2, () => ({ kind: 'timeout', seconds: random.pick([5, 30]) }));
  maybe(0.3, () => ({
    kind: 'stops',
    ms: random.pick([0, 3_000, 8_000, 30_000]),
    code: random.pick([0, 1, 143]),
  }));
  maybe(0.15, () => ({
    kind: 'byHand',
    beforeMs: random.pick([1_000, 20_000]),
    ms: random.pick([500, 40_000]),
  }));
  const nodes = every({ seed, ingredients }, 'nodes').at(-1)?.count ?? 1;
  const count = random.pick([0, 1, 1, 2, 2, 3, 4]);
  for (let at = 0; at < count; at++) ingredients.push(random.pick(MAKERS)(random, nodes));
  return { seed, ingredients };
}
