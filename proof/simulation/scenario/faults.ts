import type { Random } from '../kernel/random';
import { all, type Ingredient } from './ingredients';

type Maker = (random: Random, nodes: number) => Ingredient;

const TIMES = [1, 1, 2, 4, 1000];
const some = (random: Random, nodes: number) =>
  nodes > 1 && random.chance(0.4) ? { node: random.int(1, nodes) } : {};
const version = (random: Random) => (random.chance(0.85) ? 'new' : 'old') as 'new' | 'old';
const when = (random: Random) => random.int(0, random.pick([2_000, 10_000, 40_000]));

const crash: Maker = (random, nodes) => ({
  kind: 'crash',
  of: version(random),
  afterMs: random.pick([10, 300, 1_000, 2_500, 4_500, 7_000, 15_000, 25_000]),
  code: random.pick([0, 1, 1, 1, 127, 137, 139, 143]),
  times: random.pick(TIMES),
  ...some(random, nodes),
  ...(random.chance(0.1) ? { outOfMemory: true } : {}),
});

const trouble: Maker = (random) => {
  const from = when(random);
  const kind = random.pick(['cut', 'silent', 'late', 'stale', 'stale', 'down', 'mute', 'faster'] as const);
  const ms = random.pick([500, 2_000, 5_000]);
  const to = from + random.pick([500, 3_000, 15_000, 60_000, 10_000_000]);
  return {
    kind: 'trouble',
    trouble: { kind, from, to, ...(kind === 'late' || kind === 'stale' ? { ms } : {}) },
  };
};

/** Each as often as it stands here. */
const MAKERS: readonly Maker[] = [
  crash,
  crash,
  crash,
  (random, nodes) => ({
    kind: 'sick',
    of: version(random),
    afterMs: random.pick([0, 2_000, 6_000, 12_000]),
    times: random.pick(TIMES),
    ...some(random, nodes),
  }),
  (random) => ({ kind: 'startError', of: version(random), times: random.pick(TIMES) }),
  (random) => ({ kind: 'slowStart', of: version(random), ms: random.pick([2_000, 6_000, 20_000]) }),
  (random) => ({ kind: 'slowStop', ms: random.pick([2_000, 8_000, 60_000]) }),
  (random, nodes) => ({
    kind: 'slowPull',
    ms: random.pick([5_000, 30_000, 400_000]),
    ...some(random, nodes),
  }),
  (random, nodes) => ({
    kind: 'badPull',
    untilMs: random.pick([1_000, 6_000, 15_000, 10_000_000]),
    ...some(random, nodes),
  }),
  trouble,
  trouble,
  (random) => ({
    kind: 'leader',
    at: when(random),
    ms: random.pick([200, 2_000, 8_000]),
    clock: random.pick([0, 0, -400, 400]),
  }),
  (random, nodes) => ({
    kind: 'nodeCut',
    at: when(random),
    ms: random.pick([5_000, 25_000, 10_000_000]),
    node: random.int(1, nodes),
  }),
  (random, nodes) => ({
    kind: 'engine',
    at: when(random),
    ms: random.pick([1_000, 6_000, 25_000]),
    node: random.int(1, nodes),
  }),
  (random, nodes) => ({
    kind: 'drain',
    at: when(random),
    ms: random.pick([10_000, 10_000_000]),
    node: random.int(1, nodes),
  }),
  (random) => ({
    kind: 'foreign',
    at: when(random),
    what: random.pick(['update', 'label', 'scale', 'rollback', 'remove'] as const),
  }),
  (random) => ({ kind: 'unplaceable', why: random.pick(['constraint', 'resources', 'platform'] as const) }),
];

/** So many things that go wrong. */
export function faultsOf(random: Random, settings: readonly Ingredient[], count: number): Ingredient[] {
  const nodes = all(settings, 'nodes').at(-1)?.count ?? 1;
  return Array.from({ length: count }, () => random.pick(MAKERS)(random, nodes));
}
