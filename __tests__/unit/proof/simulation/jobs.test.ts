import { jobSpec } from '../../../../operations/jobs/spec';
import type { Program } from '../../../../proof/simulation/node/program';
import type { Spec, TaskRecord } from '../../../../proof/simulation/swarm/records';
import { World } from '../../../../proof/simulation/world/world';

const WELL: Program = { readyMs: 0, stopMs: 300, stopCode: 143, ends: { afterMs: 2_000, code: 0 } };
const FAILS: Program = { ...WELL, ends: { afterMs: 2_000, code: 3 } };
const RUNS: Program = { readyMs: 0, stopMs: 300, stopCode: 143 };

const template = { ContainerSpec: { Image: 'app:v1' } };
const job = {
  kind: 'migrate',
  suffix: 'migrate',
  of: 'web',
  namespace: 'stack',
  template,
  timeoutSeconds: 60,
};
const SPEC = jobSpec(job, 0) as Spec;

/** A node of which the program behaves so at each start, the last for all further ones. */
function worldWith(programs: readonly Program[], keepsJobTasks = false) {
  let starts = 0;
  const node = { id: 'n1', hostname: 'n1', role: 'manager', availability: 'active', state: 'ready' } as const;
  const world = new World({
    seed: 1,
    historyLimit: 5,
    nodes: [{ ...node, nanoCpus: 1e9, memoryBytes: 1e9, architecture: 'amd64', labels: {}, clock: 0 }],
    surroundings: {
      program: () => programs[Math.min(starts++, programs.length - 1)]!,
      pull: () => ({ ms: 100, fails: false }),
    },
    engine: { keepsJobTasks },
  });
  const passes = (ms: number) => world.agenda.runUntil(world.agenda.now + ms);
  const states = () => [...world.store.tasks.values()].map((task: TaskRecord) => task.status.state);
  const runs = () => world.agents.get('n1')!.runs;
  return { ...world, passes, states, runs };
}

test('a job runs its task to its end, once', () => {
  const { control, passes, states, runs } = worldWith([WELL]);
  control.create(SPEC);
  passes(600_000);
  expect(states()).toEqual(['complete']);
  expect(runs().map(({ code }) => code)).toEqual([0]);
});

test('each update is another run of it, and nothing of the one before goes on', () => {
  const { control, passes, states, runs } = worldWith([RUNS, WELL]);
  const { id } = control.create(SPEC);
  passes(10_000);
  const { version, spec, jobIteration } = control.find(id)!;
  control.update(id, version, { ...spec, TaskTemplate: { ...spec.TaskTemplate, ForceUpdate: 1 } });
  passes(30_000);
  expect([jobIteration, control.find(id)!.jobIteration]).toEqual([0, 1]);
  expect(runs().map(({ code }) => code)).toEqual([143, 0]);
  expect(states()).toEqual(['complete']);
});

test('one that fails is tried again, as its policy says', () => {
  const soon = { ...SPEC, TaskTemplate: { ...SPEC.TaskTemplate, RestartPolicy: { Delay: 1e9 } } };
  const often = worldWith([FAILS, FAILS, WELL]);
  often.control.create(soon);
  often.passes(60_000);
  expect(often.runs().map(({ code }) => code)).toEqual([3, 3, 0]);
  // As the product's jobs have it: another task, which waits for a year.
  const once = worldWith([FAILS]);
  once.control.create(SPEC);
  once.passes(600_000);
  expect(once.states()).toEqual(['failed', 'ready']);
  expect(once.runs()).toHaveLength(1);
});

test.each([
  ['and a program of it is stopped', false, RUNS, [], 143],
  ['and its tasks stay as they are, on Docker 20.10', true, RUNS, ['running'], undefined],
  ['and one that waits stays for good there', true, FAILS, ['failed', 'ready'], 3],
] as const)('a job is removed %s', (_, keeps, program, states, code) => {
  const world = worldWith([program], keeps);
  const { id } = world.control.create(SPEC);
  world.passes(10_000);
  world.control.remove(id);
  world.passes(600_000);
  expect(world.states()).toEqual(states);
  expect(world.runs()[0]?.code).toBe(code);
});

test('of a job of which nothing is wanted no task goes on, on any engine', () => {
  for (const keeps of [true, false]) {
    const world = worldWith([RUNS], keeps);
    const { id, spec } = world.control.create(SPEC);
    world.passes(10_000);
    const Mode = { ReplicatedJob: { MaxConcurrent: 0, TotalCompletions: 0 } };
    world.control.update(id, world.control.find(id)!.version, { ...spec, Mode });
    world.passes(30_000);
    expect(world.states()).toEqual([]);
    expect(world.runs()[0]?.code).toBe(143);
  }
});

test('what Docker refuses is refused', () => {
  const { control } = worldWith([WELL]);
  const { id, version, spec } = control.create(SPEC);
  expect(() => control.create(SPEC)).toThrow(/HTTP code 409.*name conflicts with an existing object/);
  expect(() => control.update(id, version, { ...spec, Mode: { Replicated: {} } })).toThrow(/mode change/);
  expect(() => control.create({ ...SPEC, Name: 'other', UpdateConfig: {} })).toThrow(
    /Jobs may not have an update config/,
  );
});
