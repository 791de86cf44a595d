import { Random } from '../kernel/random';
import { faultsOf } from './faults';
import type { Ingredient, Scenario } from './ingredients';

/** A scenario for each seed. Half of them meet no more than one fault: several hide each other. */
export function generate(seed: number): Scenario {
  const random = new Random(seed * 2654435761 + 12345);
  // The first numbers of neighbouring seeds resemble each other.
  for (let at = 0; at < 4; at++) random.next();
  const settings = settingsOf(random);
  const count = random.pick([0, 1, 1, 1, 1, 2, 2, 3]);
  const faults = faultsOf(random, settings, count);
  const deploy = [...boundOf(random, faults), ...deployOf(random)];
  return {
    seed,
    ingredients: [...settings, ...deploy, ...faults, ...thenOf(random, faults), recordOf(random)],
  };
}

function settingsOf(random: Random): Ingredient[] {
  const some: Ingredient[] = [];
  const maybe = (probability: number, make: () => Ingredient) => {
    if (random.chance(probability)) some.push(make());
  };
  const nodes = random.pick([1, 1, 1, 2, 3]);
  if (nodes > 1) some.push({ kind: 'nodes', count: nodes });
  if (random.chance(0.15)) some.push({ kind: 'global' });
  else maybe(0.5, () => ({ kind: 'replicas', count: random.pick([0, 1, 1, 3, 4]) }));
  maybe(0.3, () => ({ kind: 'parallelism', count: random.int(0, 3) }));
  maybe(0.5, () => ({ kind: 'monitor', ms: random.pick([1_000, 3_000, 10_000]) }));
  maybe(0.4, () => ({ kind: 'delay', ms: random.pick([500, 3_000, 10_000]) }));
  maybe(0.15, () => ({ kind: 'ratio', share: random.pick([0.3, 0.5, 1]) }));
  maybe(0.4, () => ({ kind: 'action', action: random.pick(['pause', 'continue', 'rollback'] as const) }));
  maybe(0.35, () => ({ kind: 'stopFirst' }));
  maybe(0.5, () => ({
    kind: 'health',
    intervalMs: random.pick([500, 1_000, 2_000]),
    retries: random.int(1, 3),
    startMs: random.pick([0, 2_000, 5_000]),
  }));
  maybe(0.2, () => ({ kind: 'grace', ms: random.pick([1_000, 3_000]) }));
  maybe(0.3, () => ({ kind: 'restartDelay', ms: random.pick([0, 500, 2_000]) }));
  maybe(0.1, () => ({
    kind: 'restart',
    condition: random.pick(['any', 'on-failure', 'none'] as const),
    attempts: random.pick([0, 1, 3]),
  }));
  maybe(0.2, () => ({ kind: 'history', limit: random.pick([0, 1, 2, 10]) }));
  maybe(0.1, () => ({ kind: 'reserve', cpus: random.pick([1, 3, 5]) }));
  maybe(0.08, () => ({ kind: 'hostPort' }));
  maybe(0.08, () => ({ kind: 'maxReplicas', count: random.int(1, 3) }));
  maybe(0.2, () => ({
    kind: 'workerClock',
    node: random.int(1, nodes),
    ms: random.pick([-300_000, -20_000, 20_000, 300_000]),
  }));
  maybe(0.1, () => ({ kind: 'ownClock', ms: random.pick([-3_600_000, -7_500, 45_000]) }));
  return some;
}

function deployOf(random: Random): Ingredient[] {
  const some: Ingredient[] = [{ kind: 'observe', ms: random.pick([5_000, 10_000, 20_000]) }];
  if (random.chance(0.45)) {
    const what = random.pick(['create', 'create', 'scale', 'env', 'other', 'same', 'both'] as const);
    some.push({ kind: 'deploy', what });
    if (what === 'scale' || what === 'both') some.push({ kind: 'scaleTo', count: random.int(0, 5) });
  }
  if (random.chance(0.5))
    some.push({ kind: 'gateAfter', ms: random.pick([0, 50, 2_000, 8_000, 30_000, 90_000]) });
  if (random.chance(0.1)) some.push({ kind: 'deadline', ms: random.pick([5_000, 20_000, 60_000]) });
  if (random.chance(0.1)) some.push({ kind: 'alone', rollBack: random.chance(0.5) });
  if (random.chance(0.08)) some.push({ kind: 'earlier', of: random.pick(['missing', 'crashing'] as const) });
  return some;
}

/** Enough for whatever goes well here; the gate's own would be a quarter of an hour of looks at what is stuck. */
export const ENOUGH_MS = 200_000;

/** Who names a deadline gives no time for pulls on top. */
function boundOf(random: Random, faults: readonly Ingredient[]): Ingredient[] {
  const pulls = faults.some(({ kind }) => kind === 'slowPull' || kind === 'badPull');
  return !pulls && random.chance(0.9) ? [{ kind: 'deadline', ms: ENOUGH_MS }] : [];
}

/**
 * What people do after a verdict. Somebody else's update meanwhile, or answers from before, cannot be told from one's own
 * there: the way back is watched by image and number alone.
 */
function thenOf(random: Random, faults: readonly Ingredient[]): Ingredient[] {
  const alone = faults.every(
    (one) => one.kind !== 'foreign' && !(one.kind === 'trouble' && one.trouble.kind === 'stale'),
  );
  return alone && random.chance(0.2)
    ? [{ kind: 'then', what: random.pick(['putBack', 'rollback'] as const) }]
    : [];
}

/** After whatever went wrong: a record is made of what is there, and somebody may be at it before and after. */
function recordOf(random: Random): Ingredient {
  const what = random.pick([undefined, 'update', 'label', 'scale', 'rollback', 'remove'] as const);
  return {
    kind: 'record',
    readAt: random.pick([100, 2_000, 5_000]),
    ms: random.pick([0, 500, 20_000, 90_000]),
    later: random.pick([0, 1_000, 30_000]),
    ...(what ? { what } : {}),
  };
}
