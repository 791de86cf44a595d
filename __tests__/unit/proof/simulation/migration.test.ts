import type { Docker } from '../../../../operations/docker/client';
import { type JobStepRun, runJobStep } from '../../../../operations/jobs/main';
import type { Step } from '../../../../proof/simulation/migration/deploy';
import { generateMigration } from '../../../../proof/simulation/migration/generate';
import type { MigrationIngredient } from '../../../../proof/simulation/migration/ingredients';
import { migrationDisagreements } from '../../../../proof/simulation/migration/judge';
import { playMigration } from '../../../../proof/simulation/migration/play';

/** The product's step, with another way to do one thing. */
const doing =
  (change: (docker: Docker) => Partial<Docker>): Step =>
  (run) => {
    const { docker, clock } = run.simulated!;
    const changes = change(docker);
    const changed = new Proxy(docker, {
      get: (target, name: keyof Docker) => {
        const found = changes[name] ?? target[name];
        return typeof found === 'function' ? found.bind(target) : found;
      },
    });
    return runJobStep({ ...run, simulated: { docker: changed, clock } });
  };

const withSettings = (run: JobStepRun, more: object): JobStepRun => ({
  ...run,
  env: { ...run.env, JOB: JSON.stringify({ ...JSON.parse(run.env.JOB!), ...more }) },
});

const fails: MigrationIngredient = { kind: 'fails', afterMs: 1_000, code: 1, times: 1 };
const hangs: MigrationIngredient = { kind: 'takes', ms: 10_000_000, times: 1 };
const left: MigrationIngredient = { kind: 'left', beforeMs: 8_000, afterMs: 3_000 };

/** Faults that a step could have, and what is said of each. Without the fault nothing is said of the same history. */
const FAULTS: readonly (readonly [
  what: string,
  step: Step,
  ingredients: readonly MigrationIngredient[],
  why: RegExp,
])[] = [
  [
    'takes every end for a good one',
    async (run) => {
      await runJobStep(run);
      return 0;
    },
    [fails],
    /it succeeded, and its last run ended with 1, and the application rolled/,
  ],
  [
    'does that, of which the application hears',
    async () => 0,
    [],
    /the application rolled, and no migration/,
  ],
  ['runs nothing', async () => 0, [], /it succeeded, and no program of it ever ran/],
  [
    'takes every end for a bad one',
    async (run) => {
      await runJobStep(run);
      return 1;
    },
    [],
    /nothing went wrong/,
  ],
  [
    'does not hear that it ended well',
    doing((docker) => ({
      tasks: async (filters) =>
        (await docker.tasks(filters)).map((task) => ({
          ...task,
          Status: { ...task.Status, State: task.Status.State === 'complete' ? 'running' : task.Status.State },
        })),
    })),
    [],
    /it failed, \d+ ms after its task was complete/,
  ],
  ['leaves its job', doing(() => ({ removeService: async () => {} })), [], /its end left a job/],
  [
    'removes a job and leaves its task to an older engine',
    doing(() => ({ updateService: async () => {} })),
    [{ kind: 'oldEngine' }, hangs],
    /its end left a program that runs/,
  ],
  [
    'leaves the task that waits behind one that failed',
    doing(() => ({ updateService: async () => {} })),
    [{ kind: 'oldEngine' }, fails],
    /its end left a task that is/,
  ],
  [
    'leaves the container of a task that failed to an older engine',
    doing(() => ({ removeContainer: async () => {} })),
    [{ kind: 'oldEngine' }, fails],
    /its end left a container/,
  ],
  [
    'does not wait until an earlier run has stopped',
    doing((docker) => ({
      tasks: async (filters) =>
        (await docker.tasks(filters)).map((task) =>
          task.DesiredState === 'remove' ? { ...task, Status: { ...task.Status, State: 'shutdown' } } : task,
        ),
    })),
    [left, hangs, { kind: 'stops', ms: 8_000, code: 143 }],
    /it ran twice at the same time/,
  ],
  [
    'has no time-out',
    (run) => runJobStep(withSettings(run, { timeoutSeconds: 1_000_000 })),
    [{ kind: 'takes', ms: 1_000_000, times: 1 }],
    /it took [\d.]+ s, and should be over within/,
  ],
  [
    'never ends',
    async ({ simulated }) => {
      for (;;) await simulated?.clock.sleep(10_000);
    },
    [],
    /the deploy did not end/,
  ],
  [
    'removes whatever has its name',
    async (run) => {
      const code = await runJobStep(run);
      const { docker, clock } = run.simulated!;
      await clock.sleep(3_000);
      for (const { ID } of await docker.jobs()) await docker.removeService(ID);
      return code;
    },
    [
      { kind: 'other', at: 1_500 },
      { kind: 'takes', ms: 25_000, times: 1_000 },
    ],
    /of deploys at the same time none went through/,
  ],
  [
    'stops what somebody runs by hand',
    async (run) => {
      const { docker } = run.simulated!;
      for (const { ID } of await docker.jobs()) await docker.removeService(ID);
      return runJobStep(run);
    },
    [{ kind: 'byHand', beforeMs: 1_000, ms: 40_000 }],
    /a run by hand was stopped/,
  ],
  [
    'breaks',
    doing(() => ({
      createService: async () => {
        throw new TypeError('spec.Mode is undefined');
      },
    })),
    [],
    /said "TypeError|said "undefined", which was not so/,
  ],
];

test.each(FAULTS)('of a step that %s it is said', async (_, step, ingredients, why) => {
  const scenario = { seed: 1, ingredients };
  expect(migrationDisagreements(await playMigration(scenario))).toEqual([]);
  expect(migrationDisagreements(await playMigration(scenario, step)).join('\n')).toMatch(why);
});

/** Where the product once was wrong, with no more in the history than that needed. */
const FOUND: readonly (readonly [what: string, ingredients: readonly MigrationIngredient[]])[] = [
  ['of two deploys at the same time one goes through', [{ kind: 'other', at: 1_500 }]],
  [
    'answers from before the job are not its removal',
    [{ kind: 'trouble', trouble: { kind: 'stale', from: 582, to: 60_582, ms: 5_000 } }],
  ],
  [
    'what ended with its engine is heard before its time-out is said',
    [
      { kind: 'timeout', seconds: 5 },
      { kind: 'engine', at: 2_000, ms: 25_000, node: 1 },
    ],
  ],
  [
    'what somebody has removed is not said to run still',
    [
      { kind: 'timeout', seconds: 5 },
      { kind: 'other', at: 2_284 },
    ],
  ],
];

/** As each was found. */
const SEEDS = [1, 30, 1560, 8451];

test.each(FOUND)('%s', async (_, ingredients) => {
  for (const seed of SEEDS) {
    expect(migrationDisagreements(await playMigration({ seed, ingredients }))).toEqual([]);
  }
});

test('the same seed is the same history, to the millisecond', async () => {
  const of = async (seed: number) => {
    const { world, endedAt } = await playMigration(generateMigration(seed));
    return JSON.stringify([[...world.store.taskLog], [...world.store.serviceLog], endedAt]);
  };
  for (const seed of [7, 42]) expect(await of(seed)).toBe(await of(seed));
  expect(await of(7)).not.toBe(await of(8));
});
