import { playRecord } from '../../../../proof/simulation/fresh/play';
import { play } from '../../../../proof/simulation/history/play';
import { linesOf } from '../../../../proof/simulation/main';
import { generate } from '../../../../proof/simulation/scenario/generate';
import { shrink } from '../../../../proof/simulation/scenario/shrink';
import { simulate } from '../../../../proof/simulation/simulate';

test('in 500 histories, and as many with a migration, nothing is said that is not so', async () => {
  const simulated = await simulate({ seed: 1, histories: 500 });
  expect(linesOf(simulated, 1, 0).slice(0, -3)).toEqual([]);
  expect([...simulated.outcomes.keys()].sort()).toEqual(
    ['converged', 'paused', 'rolledBack', 'superseded', 'timedOut', 'unreachable'].sort(),
  );
  expect([...simulated.migrations.keys()].sort()).toEqual(
    ['deployed', 'killed', 'not migrated', 'not rolled'].sort(),
  );
}, 600_000);

test('the same seed is the same history, to the millisecond', async () => {
  const of = async (seed: number) => {
    const { world, result } = await play(generate(seed));
    return JSON.stringify([[...world.store.taskLog], [...world.store.serviceLog], result?.seconds]);
  };
  for (const seed of [7, 42, 1001]) expect(await of(seed)).toBe(await of(seed));
  expect(await of(7)).not.toBe(await of(8));
});

test('what a scenario does not need for its disagreement is taken out of it', async () => {
  const scenario = {
    seed: 1,
    ingredients: [
      { kind: 'global' },
      { kind: 'nodes', count: 5 },
      { kind: 'crash', of: 'new', afterMs: 10, code: 137, times: 2, node: 1 },
    ],
  } as const;
  const smallest = await shrink(scenario, async ({ ingredients }) =>
    ingredients.some(({ kind }) => kind === 'crash'),
  );
  expect(smallest.ingredients).toEqual([{ kind: 'crash', of: 'new', afterMs: 10, code: 1, times: 2 }]);
});

test('records of what a server holds are made, believed, and refused with why', async () => {
  const played = await Promise.all(Array.from({ length: 60 }, (_, at) => playRecord(generate(at + 1))));
  const recorded = played.filter((one) => one?.recordedAt !== undefined && one.lookedAt !== undefined);
  const whys = recorded.flatMap((one) => one?.why ?? []);
  expect(recorded.length).toBeLessThan(played.length);
  expect(whys.length).toBeGreaterThan(5);
  expect(recorded.length - whys.length).toBeGreaterThan(5);
});
