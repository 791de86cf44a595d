import { assessService } from '../../../../operations/status/service-status';
import { snapshot, spec, task } from '../rollout/swarm-says';

const of = (
  story: Parameters<typeof snapshot>[0],
  health: Record<string, 'healthy' | 'unhealthy' | 'starting'> = {},
  history?: number,
) => assessService(snapshot(story), 'shop', new Map(Object.entries(health)), history);

const two = [task({ id: 'a', slot: 1, since: -300 }), task({ id: 'b', slot: 2, since: -100 })];

test('is healthy when every replica passes its check, and as old as its oldest task', () => {
  expect(of({ now: 0, tasks: two }, { a: 'healthy', b: 'healthy' })).toMatchObject({
    ok: true,
    running: 2,
    desired: 2,
    upToDate: 2,
    health: 'healthy',
    since: '2026-01-02T02:59:05.000Z',
    problem: null,
  });
});

test('only runs where no health check is known', () => {
  expect(of({ now: 0, tasks: two }, { a: 'healthy' })).toMatchObject({ ok: true, health: 'running' });
});

test('is degraded by an unhealthy task that Swarm has not stopped yet', () => {
  expect(of({ now: 0, tasks: two }, { a: 'healthy', b: 'unhealthy' })).toMatchObject({
    ok: false,
    running: 1,
    health: 'degraded',
    problem: 'task 2 is unhealthy',
  });
});

test('starts while replicas are missing and none has failed', () => {
  const tasks = [two[0]!, task({ slot: 2, state: 'preparing' })];
  expect(of({ now: 0, tasks })).toMatchObject({ ok: false, running: 1, health: 'starting', problem: null });
});

test('is down when none runs, and says why', () => {
  const tasks = [
    task({ slot: 1, state: 'failed', error: 'task: non-zero exit (3)', exitCode: 3, since: -5 }),
    task({ slot: 1, state: 'starting', since: -1 }),
  ];
  expect(of({ now: 0, spec: spec('app:v2', 1), tasks })).toMatchObject({
    ok: false,
    health: 'down',
    since: null,
    restarts: { lastHour: 1, atLeast: false },
    problem: expect.stringMatching(/^task 1 failed, "task: non-zero exit \(3\)": .*status 3/),
  });
});

test('is not well when it ends again and again, although all run at the moment of the look', () => {
  const failed = (ago: number, slot = 1) =>
    task({
      slot,
      state: 'failed',
      since: -ago,
      created: -ago,
      error: 'task: non-zero exit (3)',
      exitCode: 3,
    });
  const five = [100, 80, 60, 40, 20].map((ago) => failed(ago));
  const healthy = { a: 'healthy', b: 'healthy' } as const;
  expect(of({ now: 0, tasks: [...two, ...five] }, healthy)).toMatchObject({
    ok: false,
    running: 2,
    desired: 2,
    health: 'degraded',
    problem: expect.stringMatching(/^5 tasks failed in the last 2 minutes: task 1 failed, .*status 3/),
  });
  // Each once, as after a restart of the engine; or longer ago.
  const once = [failed(20, 1), failed(20, 2), failed(200, 1)];
  expect(of({ now: 0, tasks: [...two, ...once] }, healthy)).toMatchObject({ ok: true, problem: null });
  const stopped = of({ now: 0, spec: spec('app:v2', 0), tasks: five });
  expect(stopped).toMatchObject({ ok: true, health: 'off', problem: null });
});

test('names what keeps a pending task from its place', () => {
  const tasks = [task({ slot: 1, state: 'pending', error: 'no suitable node (insufficient resources)' })];
  const { problem } = of({ now: 0, spec: spec('app:v2', 1), tasks });
  expect(problem).toMatch(/no node has its reservation free/);
});

test('is off, and well, when no replica is wanted', () => {
  expect(of({ now: 0, spec: spec('app:v2', 0), tasks: [] })).toMatchObject({ ok: true, health: 'off' });
});

test('counts a slot once while an update runs two tasks in it, and tells the old ones', () => {
  const tasks = [task({ slot: 1, image: 'app:v1' }), task({ slot: 1 }), task({ slot: 2, image: 'app:v1' })];
  expect(of({ now: 9, status: 'updating', tasks })).toMatchObject({ running: 2, upToDate: 1, ok: true });
});

describe('failures of the last hour', () => {
  const failed = (ago: number, slot = 1) => task({ slot, state: 'failed', since: -ago, created: -ago });

  test('leave out older ones and tasks that Swarm stopped', () => {
    const stopped = task({ slot: 1, state: 'shutdown', since: -10 });
    const tasks = [...two, failed(10), failed(3599), failed(3601), stopped];
    expect(of({ now: 0, tasks }).restarts).toEqual({ lastHour: 2, atLeast: false });
  });

  test('are at least so many when the history of a slot is full of the last hour', () => {
    const five = [1, 2, 3, 4, 5].map((minute) => failed(minute * 60));
    expect(of({ now: 0, tasks: [...two, ...five] }).restarts).toEqual({ lastHour: 5, atLeast: true });
    expect(of({ now: 0, tasks: [...two, ...five] }, {}, 10).restarts.atLeast).toBe(false);
    const spread = [1, 2, 3, 4].map((minute) => failed(minute * 60)).concat(failed(7200));
    expect(of({ now: 0, tasks: [...two, ...spread] }).restarts).toEqual({ lastHour: 4, atLeast: false });
  });
});

describe('the last rollout', () => {
  const previous = spec('app:v1');
  test.each([
    ['a service that was never updated', {}, { state: 'created', failed: false }],
    ['a scaling', { previous }, { state: 'changed', failed: false }],
    ['an update', { previous, status: 'completed' }, { state: 'completed', failed: false }],
    ['an update that paused', { previous, status: 'paused' }, { state: 'paused', failed: true }],
    [
      'a rollback by Swarm after which it tidied a slot',
      { status: 'completed' },
      { state: 'rollback_completed', failed: true },
    ],
    ['a rollback by Swarm', { status: 'rollback_completed' }, { state: 'rollback_completed', failed: true }],
    [
      'one on request',
      { previous, status: 'rollback_completed' },
      { state: 'rollback_completed', failed: false },
    ],
    ['a rollback that paused', { previous, status: 'rollback_paused' }, { failed: true }],
  ] as const)('of %s', (_name, story, expected) => {
    const status = of({ now: 60, tasks: two, ...story });
    expect(status.rollout).toMatchObject(expected);
    expect(status.ok).toBe(!expected.failed);
  });

  test('that Swarm put back says what the new task died of, and nothing of older deaths', () => {
    const old = task({ slot: 2, created: -90, since: -80, state: 'failed', error: 'long ago' });
    const bad = task({
      slot: 1,
      image: 'app:v3',
      created: 1,
      state: 'failed',
      error: 'task: unhealthy container',
    });
    const story = { now: 60, status: 'rollback_completed', started: 0 } as const;
    expect(of({ ...story, tasks: [...two, bad, old] }).problem).toMatch(
      /unhealthy container.*health check kept/,
    );
    expect(of({ ...story, tasks: [...two, old] }).problem).toBeNull();
  });
});

test.each([
  ['reg:5000/app:v1@sha256:0123456789abcdef', { tag: 'v1', digest: '0123456789ab' }],
  ['reg:5000/app@sha256:0123456789abcdef', { tag: null, digest: '0123456789ab' }],
  ['reg:5000/app', { tag: 'latest', digest: null }],
])('reads the image %s', (image, expected) => {
  expect(of({ now: 0, spec: spec(image, 0) }).image).toEqual({ reference: image, ...expected });
});

test('drops the stack from the name, and nothing else', () => {
  const named = (Name: string) => of({ now: 0, spec: { ...spec('app', 0), Name } }).name;
  expect(named('shop_web')).toBe('web');
  expect(named('bookshop_web')).toBe('bookshop_web');
});
