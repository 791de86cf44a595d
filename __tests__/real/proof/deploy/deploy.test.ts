import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goals, WHAT } from '../../../../proof/deploy/goals';
import { type Deployed, rollbackOf, swarmTime } from '../../../../proof/deploy/measure';
import { sideBySide } from '../../../../proof/deploy/text';
import { Tally } from '../../../../proof/load/tally';
import { previousSpecsChanged, type ServiceState, touched } from '../../../../proof/watch/services';
import { peakUsage } from '../../../../proof/watch/tasks';

const service = (name: string, index: number, more: Partial<ServiceState> = {}): ServiceState => ({
  Spec: { Name: name },
  Version: { Index: index },
  ...more,
});

test('a service is touched when its version moved, and its way back when PreviousSpec is another', () => {
  const before = [service('a', 1, { PreviousSpec: { Replicas: 1 } }), service('b', 5), service('c', 7)];
  const after = [service('a', 2, { PreviousSpec: { Replicas: 2 } }), service('b', 5), service('c', 8)];
  expect(touched(before, after)).toBe(2);
  expect(previousSpecsChanged(before, after)).toBe(1);
  expect(touched([], after)).toBe(3);
});

test('a rollback of before the deploy is not its own', () => {
  const done = { UpdateStatus: { State: 'rollback_completed', CompletedAt: '2025-01-01T00:00:10.5Z' } };
  const at = Date.parse('2025-01-01T00:00:10.5Z');
  expect(rollbackOf([service('a', 1, done)], at - 1)).toBe(at);
  expect(rollbackOf([service('a', 1, done)], at + 1)).toBeUndefined();
  expect(rollbackOf([service('a', 1, { UpdateStatus: { State: 'completed' } })], 0)).toBeUndefined();
});

const one = (
  what: string,
  way: Deployed['way'],
  seconds: number,
  more: Partial<Deployed> = {},
): Deployed => ({
  what,
  way,
  seconds,
  exit: 0,
  requests: 9,
  failed: 0,
  peak: { tasks: 3, cpus: 0.5 },
  touched: 0,
  previousSpecsChanged: 0,
  ...more,
});

test('what Swarm says of its own updates: from the first start to the last end, older ones left out', () => {
  const at = (seconds: number) => new Date(1_000_000 + seconds * 1000).toISOString();
  const of = (from: number, to: number) =>
    service('a', 1, { UpdateStatus: { State: 'completed', StartedAt: at(from), CompletedAt: at(to) } });
  const [start, end] = [1_000_000, 1_040_000];
  expect(
    swarmTime([of(-9, 50), of(2, 30), of(5, 42), service('b', 1)], { start, end, verdicts: [] }),
  ).toEqual({
    before: 2,
    updating: 40,
    after: -2,
  });
  const verdicts = [1_030_500, 1_042_300];
  expect(swarmTime([of(2, 30), of(5, 42)], { start, end, verdicts })?.verdict).toBeCloseTo(0.3);
  expect(swarmTime([of(-9, -1), service('b', 1)], { start, end, verdicts })).toBeUndefined();
});

test('the ways of one deploy stand under each other, with the ratio to ours', () => {
  const lines = sideBySide([
    one('nothing', './proctor deploy', 10),
    one('one', './proctor deploy', 40),
    one('nothing', 'docker stack deploy', 50),
    one('other', 'docker service update', 7, { swarm: { before: 0.1, updating: 9, after: -2 } }),
  ]).split('\n');
  expect(lines[1]).toMatch(/^nothing +\.\/proctor deploy +10\.0 +– +– +1\.00 /);
  expect(lines[2]).toMatch(/^nothing +docker stack deploy +50\.0 +– +– +5\.00 /);
  expect(lines[3]).toMatch(/^one +\.\/proctor deploy +40\.0 +– +– +1\.00 /);
  expect(lines[4]).toMatch(/^other +docker service update +7\.0 +0\.1 \+ 9\.0 \+ -2\.0 +– +– /);
});

describe('goals', () => {
  const held = (change: (all: Deployed[]) => Deployed[]) => {
    const good = [
      one(WHAT.nothing, './proctor deploy', 5),
      one(WHAT.one, './proctor deploy', 60, { swarm: { before: 4, updating: 42, after: 1, verdict: 0.4 } }),
      one(WHAT.all, './proctor deploy', 70, {
        peak: { tasks: 20, cpus: 1.9 },
        swarm: { before: 5, updating: 60, after: 0.9 },
      }),
      one(WHAT.bad, './proctor deploy', 60, {
        exit: 2,
        afterRollback: 1.9,
        swarm: { before: 4, updating: 42, after: 1.9, verdict: 0.9 },
      }),
      one(WHAT.nothing, 'docker stack deploy', 75),
      one(WHAT.one, 'docker service update', 36, { swarm: { before: 0, updating: 41, after: -5 } }),
    ];
    return goals(change(good), 2).map((goal) => goal.held);
  };
  const but =
    (at: number, more: Partial<Deployed>) =>
    (all: Deployed[]): Deployed[] =>
      all.map((deployed, index) => (index === at ? { ...deployed, ...more } : deployed));
  const missing = (at: number) => Array.from({ length: 12 }, (_, index) => index !== at);

  test('are all held by a run that keeps each', () => {
    expect(held((all) => all)).toEqual(missing(-1));
  });

  test.each<[string, number, (all: Deployed[]) => Deployed[]]>([
    ['a slow no-op', 0, but(0, { seconds: 5.1 })],
    [
      'a no-op that is slow where all is slow',
      11,
      (all) => but(4, { seconds: 90 })(but(0, { seconds: 5.6 })(all)),
    ],
    ['a no-op that touches a service', 1, but(0, { touched: 1 })],
    ['a no-op that overwrites a way back', 1, but(0, { previousSpecsChanged: 1 })],
    [
      'a late verdict on an update',
      2,
      but(1, { swarm: { before: 1, updating: 42, after: 2, verdict: 1.1 } }),
    ],
    [
      'a late verdict on a rollback',
      3,
      but(3, { swarm: { before: 1, updating: 42, after: 2, verdict: 1.1 } }),
    ],
    ['a bad image without a rollback', 4, (all) => all.map(({ afterRollback: _, ...rest }) => rest)],
    ['a bad image that exits with 1', 4, but(3, { exit: 1 })],
    [
      'a command that stays after its verdict',
      5,
      but(1, { swarm: { before: 1, updating: 42, after: 5, verdict: 0.4 } }),
    ],
    [
      'one service that waits for us',
      6,
      but(1, { swarm: { before: 5.2, updating: 42, after: 1, verdict: 0.4 } }),
    ],
    [
      'six that wait for us',
      7,
      but(2, { peak: { tasks: 20, cpus: 1.9 }, swarm: { before: 5.2, updating: 60, after: 1 } }),
    ],
    ['six that take as long as one after another', 8, but(2, { seconds: 180 })],
    ['more than the node has', 9, but(2, { peak: { tasks: 20, cpus: 2.1 } })],
    ['a request that fails', 10, but(2, { failed: 1 })],
  ])('are missed by %s', (_what, at, change) => {
    expect(held(change)).toEqual(missing(at));
  });
});

const NO_LOAD = new Tally(0, []).result(0, 0);

describe('counting tasks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  let engine: Server;
  afterEach(() => engine.close());
  afterAll(() => rmSync(folder, { recursive: true }));

  test('keeps the peak of those that take room, and of what they reserve', async () => {
    const socket = join(folder, 'docker.sock');
    const states = [['running'], ['running', 'preparing', 'failed', 'shutdown', 'starting'], ['running']];
    let asked = 0;
    engine = createServer((_, response) => {
      const now = states[Math.min(asked++, 2)]!;
      const Spec = { Resources: { Reservations: { NanoCPUs: 250_000_000 } } };
      response.end(JSON.stringify(now.map((State) => ({ Status: { State }, Spec }))));
    });
    await new Promise<void>((resolve) => engine.listen(socket, resolve));
    const watched = peakUsage(socket);
    await watched.start?.();
    while (asked < 3) await new Promise((resolve) => setTimeout(resolve, 50));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await watched.stop?.();
    expect(await watched.report(NO_LOAD, 0)).toEqual({ tasks: 3, cpus: 0.75 });
  });
});
