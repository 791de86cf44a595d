import type { Snapshot } from '../../../../operations/docker/snapshot';
import { currentPlan } from '../../../../operations/rollout/current-spec';
import { beginHistory, remember, rememberOutage } from '../../../../operations/rollout/history';
import { slotsOf } from '../../../../operations/rollout/slots';
import { judge, type Measure } from '../../../../operations/rollout/verdict';
import { at, fresh, MEASURE, snapshot, spec, task } from './swarm-says';

const v1 = spec('app:v1');

/** Judges the last of several looks, remembering the earlier ones. */
function after(looks: readonly Snapshot[], measure: Partial<Measure> = {}) {
  let history = beginHistory(looks[0]!);
  for (const look of looks) {
    const moving = ['updating', 'rollback_started'].includes(look.service.UpdateStatus?.State ?? '');
    history = remember(history, look, slotsOf(look).allRunning && !moving);
  }
  return judge(looks.at(-1)!, history, { ...MEASURE, ...measure });
}

const bothRun = (created = 0, since = created) => [
  task({ slot: 1, created, since }),
  task({ slot: 2, created, since }),
];

describe('converges', () => {
  test('a create, once both tasks have run for the observation time', () => {
    const born = { created: 0, updated: 0, tasks: bothRun(0, 2) };
    expect(after([snapshot({ ...born, now: 20 })])).toMatchObject({
      state: 'waiting',
      progress: { waitsFor: 'observing' },
    });
    expect(after([snapshot({ ...born, now: 33 })])).toMatchObject({ outcome: 'converged' });
  });

  test('an update, only after Swarm calls it completed and the observation is over', () => {
    const update = { previous: v1, tasks: bothRun(1, 3) };
    expect(after([snapshot({ ...update, status: 'updating', now: 60 })])).toMatchObject({ state: 'waiting' });
    expect(after([snapshot({ ...update, status: 'completed', now: 20 })])).toMatchObject({
      state: 'waiting',
    });
    expect(after([snapshot({ ...update, status: 'completed', now: 60 })])).toMatchObject({
      outcome: 'converged',
    });
  });

  test('an update that rolls nothing at once', () => {
    const look = snapshot({ previous: v1, updated: 0, now: 1, tasks: bothRun(-500) });
    expect(after([look])).toMatchObject({ outcome: 'converged' });
  });

  test('going back to what Swarm rolled back to, although the old status is still there', () => {
    const look = snapshot({ status: 'rollback_completed', started: -60, now: 1, tasks: bothRun(-500) });
    expect(after([look])).toMatchObject({ outcome: 'converged' });
  });

  test('despite failures of an earlier deploy of the same specification', () => {
    const old = task({
      slot: 1,
      created: -90,
      since: -80,
      state: 'failed',
      error: 'task: non-zero exit (1)',
    });
    const look = snapshot({ previous: v1, status: 'completed', now: 40, tasks: [old, ...bothRun(1)] });
    expect(after([look])).toMatchObject({ outcome: 'converged' });
  });

  test('scaling down, only when the surplus task has stopped', () => {
    const one = { previous: spec('app:v2', 2), spec: spec('app:v2', 1), now: 3 };
    const kept = task({ slot: 1, created: -500 });
    const surplus = task({ slot: 2, created: -500, desired: 'remove' });
    const measure = { planned: { image: 'app:v2', replicas: 1 } };
    expect(after([snapshot({ ...one, tasks: [kept, surplus] })], measure)).toMatchObject({
      progress: { waitsFor: 'stopping old tasks' },
    });
    expect(after([snapshot({ ...one, tasks: [kept] })], measure)).toMatchObject({ outcome: 'converged' });
  });

  test('scaling down, even when a node that is gone never reports the end of its task', () => {
    const kept = task({ slot: 1, created: -500 });
    const lost = task({ slot: 2, created: -500, desired: 'remove' });
    const one = { previous: spec('app:v2', 2), spec: spec('app:v2', 1), tasks: [kept, lost] };
    const measure = { planned: { image: 'app:v2', replicas: 1 } };
    expect(after([snapshot({ ...one, now: 3 }), snapshot({ ...one, now: 24 })], measure)).toMatchObject({
      outcome: 'converged',
    });
  });

  test('scaling up, after observing the new task alone', () => {
    const three = { previous: spec('app:v2', 2), spec: spec('app:v2', 3), updated: 0 };
    const tasks = [...bothRun(-500), task({ slot: 3, created: 0, since: 2 })];
    const measure = { planned: { image: 'app:v2', replicas: 3 } };
    expect(after([snapshot({ ...three, tasks, now: 10 })], measure)).toMatchObject({
      progress: { running: 3 },
    });
    expect(after([snapshot({ ...three, tasks, now: 33 })], measure)).toMatchObject({ outcome: 'converged' });
  });

  test('zero replicas with no task', () => {
    const none = snapshot({ spec: spec('app:v2', 0), now: 5 });
    expect(after([none], { planned: { image: 'app:v2', replicas: 0 } })).toMatchObject({
      outcome: 'converged',
    });
  });

  test('a global service by the nodes Swarm chose, but not before it chose any', () => {
    const global = { ...spec('app:v2'), Mode: { Global: {} } };
    const measure = { planned: { image: 'app:v2' } };
    expect(after([snapshot({ spec: global, created: 0, now: 1 })], measure)).toMatchObject({
      state: 'waiting',
    });
    const tasks = [{ ...task({ created: 0 }), Slot: 0 }];
    expect(after([snapshot({ spec: global, created: 0, now: 40, tasks })], measure)).toMatchObject({
      outcome: 'converged',
      progress: { running: 1, wanted: 1 },
    });
  });
});

describe('waits', () => {
  test('while a slot still runs the old image, whatever its state', () => {
    const tasks = [task({ slot: 1, created: 1 }), task({ slot: 2, created: -500, image: 'app:v1' })];
    const look = snapshot({ previous: v1, status: 'completed', now: 60, tasks });
    expect(after([look])).toMatchObject({ state: 'waiting', progress: { running: 1, wanted: 2 } });
  });

  test('and names why a task is pending', () => {
    const error = 'no suitable node (insufficient resources on 1 node)';
    const tasks = [task({ slot: 1, created: 1, state: 'pending', error }), task({ slot: 2, created: -9 })];
    const look = snapshot({ previous: v1, status: 'updating', now: 5, tasks });
    expect(after([look])).toMatchObject({ progress: { waitsFor: `pending: ${error}` } });
    expect(after([look], { elapsedSeconds: 300 })).toMatchObject({
      outcome: 'timedOut',
      culprits: [tasks[0]],
    });
  });

  test('for Swarm’s decision on a task that has just crashed', () => {
    const ran = snapshot({
      previous: v1,
      status: 'updating',
      now: 9,
      tasks: [task({ id: 'a', created: 1 })],
    });
    const failed = task({ id: 'a', created: 1, state: 'failed', since: 10 });
    const look = snapshot({ previous: v1, status: 'updating', now: 11, tasks: [failed] });
    expect(after([ran, look])).toMatchObject({ state: 'waiting' });
  });
});

describe('rolled back', () => {
  const failed = task({ image: 'app:v2', created: 1, state: 'failed', error: 'task: non-zero exit (1)' });
  const back = { spec: v1, started: 0, tasks: [failed, task({ slot: 1, image: 'app:v1', created: -500 })] };

  test('is final when Swarm has completed it, and shows the tasks that failed', () => {
    expect(after([snapshot({ ...back, status: 'rollback_started', now: 9 })])).toMatchObject({
      state: 'waiting',
    });
    expect(after([snapshot({ ...back, status: 'rollback_completed', now: 12 })])).toMatchObject({
      outcome: 'rolledBack',
      culprits: [failed],
    });
  });

  test('is paused when the rollback itself pauses', () => {
    expect(after([snapshot({ ...back, status: 'rollback_paused', now: 9 })])).toMatchObject({
      outcome: 'paused',
    });
  });

  test('is bounded when the rollback never ends', () => {
    const look = snapshot({ ...back, status: 'rollback_started', now: 9 });
    expect(after([look], { elapsedSeconds: 300 })).toMatchObject({ outcome: 'timedOut' });
  });

  test('is told although all planned fields are the same on both sides', () => {
    const changed = { ...v1, TaskTemplate: { ...v1.TaskTemplate, ForceUpdate: 1 } };
    const first = snapshot({ spec: changed, previous: v1, status: 'updating', now: 1 });
    const later = snapshot({ ...back, status: 'rollback_completed', now: 12 });
    expect(after([first, later], { planned: { image: 'app:v1' } })).toMatchObject({ outcome: 'rolledBack' });
  });

  test('is told although the ports alone were changed, and no task of the new ones ever ran', () => {
    const ports = (published: number) => ({
      ...v1,
      EndpointSpec: { Ports: [{ TargetPort: 443, PublishedPort: published, PublishMode: 'host' }] },
    });
    const first = snapshot({ spec: ports(9090), previous: ports(443), status: 'updating', now: 1 });
    const later = snapshot({ ...back, spec: ports(443), status: 'rollback_completed', now: 12 });
    expect(after([first, later], { planned: { image: 'app:v1' } })).toMatchObject({ outcome: 'rolledBack' });
    // Over before the first look: what was planned tells it.
    const planned = { image: 'app:v1', spec: { EndpointSpec: ports(9090).EndpointSpec } };
    expect(after([later], { planned })).toMatchObject({ outcome: 'rolledBack' });
  });

  describe('over before the first look', () => {
    const mounted = (Mode: number, Name = 'db_password') => ({
      SecretID: 's1',
      SecretName: 'db',
      File: { Name, UID: '0', GID: '0', Mode },
    });
    const older = (container: object, template: object = {}) => {
      const { TaskTemplate } = v1;
      const ContainerSpec = { ...TaskTemplate.ContainerSpec!, Secrets: [mounted(0o444)], ...container };
      return { ...v1, TaskTemplate: { ...TaskTemplate, ...template, ContainerSpec } };
    };
    const planned = currentPlan({ Spec: older({}) });

    test.each([
      ['the mode of a secret', older({ Secrets: [mounted(0o400)] })],
      ['its file', older({ Secrets: [mounted(0o444, 'other')] })],
      ['the restart policy', older({}, { RestartPolicy: { Condition: 'none' } })],
      ['a stop signal that the new one has no more', older({ StopSignal: 'SIGINT' })],
      ['a user that the new one has no more', older({ User: '1000' })],
    ])('is told although %s alone was changed', (_what, was) => {
      const look = snapshot({ ...back, spec: was, status: 'rollback_completed', now: 12 });
      expect(after([look], { planned })).toMatchObject({ outcome: 'rolledBack', culprits: [failed] });
    });

    test('is not told where Swarm is where it was to go, whatever the engine has filled in', () => {
      const filledIn = older(
        { Labels: { a: 'b' }, Isolation: 'default', Init: false },
        { ForceUpdate: 3, Runtime: 'container' },
      );
      const look = snapshot({
        spec: filledIn,
        status: 'rollback_completed',
        started: -60,
        now: 1,
        tasks: [1, 2].map((slot) => task({ slot, image: 'app:v1', created: -500 })),
      });
      expect(after([look], { planned })).toMatchObject({ outcome: 'converged' });
    });
  });

  test('without a plan, goes by the status that is there', () => {
    const look = snapshot({ ...back, status: 'rollback_completed', now: 12 });
    const alone = { planned: { image: 'app:v1' }, judgeStatus: true };
    expect(after([look], alone)).toMatchObject({ outcome: 'rolledBack' });
    // Swarm swaps the two specifications when an operator asks for it; that is what he wants.
    const byHand = snapshot({
      status: 'rollback_completed',
      started: -90,
      previous: v1,
      now: 1,
      tasks: bothRun(-80),
    });
    expect(after([byHand], { judgeStatus: true })).toMatchObject({ outcome: 'converged' });
  });
});

describe('a late crash', () => {
  const running = snapshot({ previous: v1, status: 'completed', now: 12, tasks: bothRun(1).map(named) });
  const crash = { ...task({ id: 'task-1', slot: 1, created: 1, state: 'failed', since: 25 }) };
  const crashed = (more: object = {}) =>
    snapshot({
      previous: v1,
      status: 'completed',
      now: 29,
      tasks: [crash, task({ id: 'task-2', slot: 2, created: 1 })],
      ...more,
    });

  test('asks for a rollback where the service rolls back on failure', () => {
    expect(after([running, crashed()])).toMatchObject({ state: 'rollBack', culprits: [crash] });
  });

  test('fails without one where the update pauses on failure, or nothing is there to go back to', () => {
    const paused = crashed({ spec: spec('app:v2', 2, 'pause') });
    expect(after([running, paused])).toMatchObject({
      outcome: 'timedOut',
      reason: expect.stringMatching(/crashed/),
    });
    const born = { created: 0, updated: 0 };
    const looks = [
      snapshot({ ...born, now: 12, tasks: bothRun(1).map(named) }),
      snapshot({ ...born, now: 29, tasks: [crash] }),
    ];
    expect(after(looks)).toMatchObject({ outcome: 'timedOut', culprits: [crash] });
  });

  test('fails without one where the gate may only look', () => {
    expect(after([running, crashed()], { mayRollBack: false })).toMatchObject({ outcome: 'timedOut' });
  });

  test('stays known when the slot runs again', () => {
    const again = crashed({ now: 90, tasks: bothRun(40) });
    expect(after([running, crashed(), again])).toMatchObject({ state: 'rollBack' });
  });

  test('is not one when the daemon restarted: its tasks die with it, and the observation starts over', () => {
    const dying = crashed({ now: 26 });
    let history = remember(remember(fresh(running), running, true), dying, false);
    expect(judge(dying, history, MEASURE)).toMatchObject({ state: 'waiting' });
    history = rememberOutage(history, at(24), at(28));
    const back = crashed({ now: 29 });
    history = remember(history, back, false);
    expect(judge(back, history, MEASURE)).toMatchObject({ state: 'waiting' });
    const healed = crashed({ now: 61, tasks: [crash, ...bothRun(30)] });
    history = remember(history, healed, true);
    expect(judge(healed, history, MEASURE)).toMatchObject({ outcome: 'converged' });
  });

  test('after our own rollback, ends as rolled back', () => {
    const history = fresh(running, { ownRollback: true });
    const done = snapshot({ spec: v1, previous: spec('app:v2'), status: 'rollback_completed', now: 40 });
    expect(judge(done, history, MEASURE)).toMatchObject({ outcome: 'rolledBack' });
  });
});

describe('a create that fails', () => {
  const failing = (state: string, count: number) =>
    snapshot({
      created: 0,
      updated: 0,
      now: 20,
      tasks: Array.from({ length: count }, (_, i) => task({ slot: 1, created: i, state })),
    });

  test('is judged after three refusals of one slot', () => {
    expect(after([failing('rejected', 2)])).toMatchObject({ state: 'waiting' });
    expect(after([failing('rejected', 3)])).toMatchObject({
      outcome: 'timedOut',
      reason: 'task 1 keeps failing',
    });
  });

  test('gets five attempts when the program exits, for it may wait for another service', () => {
    expect(after([failing('failed', 4)])).toMatchObject({ state: 'waiting' });
    expect(after([failing('failed', 5)])).toMatchObject({ outcome: 'timedOut' });
  });

  test('is not failed by attempts before all ran for the first time', () => {
    const early = snapshot({
      created: 0,
      updated: 0,
      now: 3,
      tasks: [task({ id: 'e', created: 0, slot: 1 })],
    });
    const tasks = [task({ id: 'e', created: 0, state: 'failed', since: 4 }), ...bothRun(6)];
    expect(after([early, snapshot({ created: 0, updated: 0, now: 40, tasks })])).toMatchObject({
      outcome: 'converged',
    });
  });
});

describe('a create whose image came late', () => {
  const refused = [1, 2, 3].map((n) => task({ slot: 1, created: n, state: 'rejected' }));
  const runs = (since: number) => [
    ...refused,
    task({ slot: 1, created: 60, since }),
    task({ slot: 2, created: 60, since }),
  ];

  test('has converged once all run, whatever was refused before', () => {
    const hourLater = snapshot({ created: 0, updated: 0, now: 3600, tasks: runs(60) });
    expect(after([hourLater])).toMatchObject({ outcome: 'converged' });
    expect(after([hourLater], { judgeStatus: true })).toMatchObject({ outcome: 'converged' });
  });

  test('is observed first', () => {
    const soon = snapshot({ created: 0, updated: 0, now: 70, tasks: runs(60) });
    expect(after([soon])).toMatchObject({ state: 'waiting', progress: { waitsFor: 'observing' } });
  });

  test('and is failed by one that crashes after all ran', () => {
    const soon = snapshot({ created: 0, updated: 0, now: 70, tasks: runs(60) });
    const [first, ...others] = soon.tasks.slice(3);
    const crashed = { ...task({ id: first!.ID, slot: 1, created: 60, since: 75, state: 'failed' }) };
    const later = snapshot({ created: 0, updated: 0, now: 80, tasks: [...refused, crashed, ...others] });
    expect(after([soon, later])).toMatchObject({ outcome: 'timedOut' });
  });
});

describe("a worker's clock", () => {
  // As the engine reports it: the task's own time is the manager's, the status's the worker's.
  const onWorker = (offset: number, since: number) => ({
    ...task({ created: since - 2, since: since + offset }),
    UpdatedAt: new Date(at(since)).toISOString(),
  });
  const both = (offset: number, since: number) =>
    [1, 2].map((slot) => ({ ...onWorker(offset, since), ID: `w${slot}`, Slot: slot }));
  const seen = (offset: number, now: number) =>
    snapshot({ created: 0, updated: 0, now, tasks: both(offset, 10) });

  test.each([-60, 0, 300])('that is %i s off shortens no observation and lengthens none', (offset) => {
    expect(after([seen(offset, 13)])).toMatchObject({
      state: 'waiting',
      progress: { waitsFor: 'observing' },
    });
    expect(after([seen(offset, 41)])).toMatchObject({ outcome: 'converged' });
  });
});

describe('somebody else', () => {
  test('who updates in between supersedes the deploy', () => {
    const first = snapshot({ previous: v1, status: 'updating', now: 1 });
    const other = snapshot({ spec: spec('app:v3'), previous: spec('app:v2'), status: 'updating', now: 5 });
    expect(after([first, other])).toMatchObject({
      outcome: 'superseded',
      reason: 'somebody else changed the service: image app:v3 instead of app:v2',
    });
  });

  test('who scales, forces or rolls back does so, too', () => {
    const scaled = snapshot({ spec: spec('app:v2', 5), previous: v1, now: 5 });
    expect(after([scaled])).toMatchObject({
      outcome: 'superseded',
      reason: expect.stringMatching(/5 replicas/),
    });
    const forced = { ...spec('app:v2'), TaskTemplate: { ...spec('app:v2').TaskTemplate, ForceUpdate: 1 } };
    const first = snapshot({ previous: v1, now: 1 });
    expect(after([first, snapshot({ spec: forced, now: 2 })])).toMatchObject({ outcome: 'superseded' });
    const byHand = snapshot({ spec: v1, previous: spec('app:v2'), status: 'rollback_started', now: 5 });
    expect(after([byHand])).toMatchObject({ outcome: 'superseded' });
  });
});

test('a paused update is final', () => {
  const message = 'update paused due to failure or early termination of task x';
  const look = snapshot({ previous: v1, status: 'paused', message, now: 9 });
  expect(after([look])).toMatchObject({ outcome: 'paused', reason: message });
});

describe('paused in an earlier deploy', () => {
  const half = [task({ slot: 1, created: -80 }), task({ slot: 2, image: 'app:v1', created: -500 })];
  const old = { status: 'paused' as const, previous: v1, started: -100, now: 1 };
  const resume = { mayResume: true };

  test('with a slot on the older specification: is to go on, where the gate may have it so', () => {
    for (const status of ['paused', 'rollback_paused'] as const) {
      const look = snapshot({ ...old, status, tasks: half });
      expect(after([look], resume)).toMatchObject({ state: 'resume' });
      expect(after([look])).toMatchObject({ outcome: 'paused' });
    }
  });

  describe('stop-first, where what it brings does not run', () => {
    const serving = task({ slot: 2, image: 'app:v1', created: -500 });
    const failed = (n: number, since: number) =>
      task({ id: `f${n}`, slot: 1, created: since - 5, since, state: 'failed' });
    const starting = (created: number) => task({ id: 'next', slot: 1, created, state: 'starting' });
    const look = (now: number, tasks: Snapshot['tasks'], order?: 'start-first') =>
      snapshot({
        ...old,
        now,
        tasks,
        spec: { ...spec('app:v2'), UpdateConfig: { Parallelism: 1, ...(order ? { Order: order } : {}) } },
      });

    test('leaves the last tasks that serve where it keeps failing; one that was started before may fail', () => {
      const first = look(1, [failed(1, -10), starting(-5), serving]);
      expect(after([first], resume)).toMatchObject({ state: 'waiting' });
      const again = look(9, [failed(1, -10), failed(2, 5), starting(6), serving]);
      expect(after([first, again], resume)).toMatchObject({ state: 'waiting' });
      const more = [2, 3, 4, 5, 6].map((n) => failed(n, 5 * n));
      expect(after([first, look(31, [...more, starting(30), serving])], resume)).toMatchObject({
        outcome: 'paused',
        reason: expect.stringContaining('to go on would stop what still serves'),
        culprits: expect.arrayContaining([expect.objectContaining({ ID: 'f6' })]),
      });
    });

    test('leaves them where Swarm has given the failed slot up', () => {
      expect(after([look(1, [failed(1, -60), serving])], resume)).toMatchObject({ outcome: 'paused' });
    });

    test('goes on once it runs and stays so, for what made it fail was mended', () => {
      const runs = (now: number) => look(now, [failed(1, -10), task({ slot: 1, created: 0 }), serving]);
      expect(after([runs(1), runs(20)], resume)).toMatchObject({ state: 'waiting' });
      expect(after([runs(1), runs(31)], resume)).toMatchObject({ state: 'resume' });
    });

    test('is no matter of start-first, which stops nothing before something else is healthy', () => {
      const starts = look(1, [failed(1, -10), starting(-5), serving], 'start-first');
      expect(after([starts], resume)).toMatchObject({ state: 'resume' });
    });
  });

  test('is not this deploy’s own update, which is final', () => {
    const look = snapshot({ ...old, started: -20, tasks: half });
    expect(after([look], resume)).toMatchObject({ outcome: 'paused' });
    const first = snapshot({ ...old, status: 'updating', tasks: half });
    expect(after([first, snapshot({ ...old, now: 90, tasks: half })], resume)).toMatchObject({
      outcome: 'paused',
    });
  });

  test('is superseded when the specification is another: it is left alone', () => {
    const look = snapshot({ ...old, spec: spec('app:v3'), tasks: half });
    expect(after([look], resume)).toMatchObject({ outcome: 'superseded' });
  });

  test('with all slots on what was planned: they count, failures of then do not', () => {
    const failures = [1, 2, 3, 4, 5].map((n) => task({ slot: 2, created: -90 + n, state: 'rejected' }));
    const starting = task({ id: 'new', slot: 2, created: -1, state: 'starting' });
    const waits = snapshot({ ...old, tasks: [task({ slot: 1, created: -80 }), ...failures, starting] });
    expect(after([waits], resume)).toMatchObject({ state: 'waiting' });
    const runs = snapshot({ ...old, now: 60, tasks: [...failures, ...bothRun(-1)] });
    expect(after([waits, runs], resume)).toMatchObject({ outcome: 'converged' });
    const alone = { judgeStatus: true };
    expect(after([waits, runs], alone)).toMatchObject({ outcome: 'paused' });
  });
});

test('failures of an earlier deploy do not count where this one had nothing to change', () => {
  const rejected = (id: string, created: number) =>
    task({ id, slot: 1, created, state: 'rejected', error: 'No such image' });
  const earlier = [1, 2, 3, 4].map((n) => rejected(`old${n}`, -300 + n));
  const young = { created: -310, updated: -310 };
  const look = (now: number, more: Snapshot['tasks']) =>
    snapshot({ ...young, now, tasks: [...earlier, ...more, task({ slot: 2, created: -305 })] });
  const starting = task({ id: 'mended', slot: 1, created: -1, state: 'starting' });
  expect(after([look(0, [starting])])).toMatchObject({ state: 'waiting' });
  const again = [1, 2, 3].map((n) => rejected(`new${n}`, n));
  expect(after([look(0, [starting]), look(9, again)])).toMatchObject({
    outcome: 'timedOut',
    reason: 'task 1 keeps failing',
  });
  // Of a service that is looked at, and not deployed, they are the answer.
  const now = look(0, [starting]);
  const history = remember(beginHistory(now, true), now, false);
  expect(judge(now, history, { ...MEASURE, judgeStatus: true })).toMatchObject({ outcome: 'timedOut' });
});

test('a late crash asks for no rollback that leads to the same specification', () => {
  const same = { previous: spec('app:v2'), status: 'completed' as const };
  const first = snapshot({ ...same, now: 12, tasks: bothRun(1).map(named) });
  const crash = task({ id: 'task-1', slot: 1, created: 1, state: 'failed', since: 25 });
  const later = snapshot({ ...same, now: 29, tasks: [crash, task({ id: 'task-2', slot: 2, created: 1 })] });
  expect(after([first, later])).toMatchObject({ outcome: 'timedOut', culprits: [crash] });
});

function named<T extends { ID: string }>(made: T, index: number): T {
  return { ...made, ID: `task-${index + 1}` };
}

test('tasks that an update adds are new, though they are a moment older than its first word', () => {
  const tasks = [task({ slot: 1, created: -500 }), task({ slot: 2, created: -0.2, since: 20 })];
  const look = snapshot({ previous: spec('app:v2', 1), status: 'completed', started: 0, now: 30, tasks });
  expect(after([look])).toMatchObject({ state: 'waiting', progress: { waitsFor: 'observing' } });
});

test('a global service is not done where its task failed and none takes its place', () => {
  const once = { ...spec('app:v2').TaskTemplate, RestartPolicy: { Condition: 'none' } };
  const global = { ...spec('app:v2'), TaskTemplate: once, Mode: { Global: {} } };
  const failed = task({ slot: 0, created: 1, since: 9, state: 'failed', desired: 'shutdown' });
  const story = { created: 0, updated: 0, now: 60, tasks: [failed] };
  const planned = { image: 'app:v2', replicas: null };
  const look = snapshot({ ...story, spec: global });
  expect(after([look], { planned })).toMatchObject({ state: 'waiting', progress: { running: 0, wanted: 1 } });
  // One that Swarm always starts again has none because its node was drained since.
  const drained = snapshot({ ...story, spec: { ...spec('app:v2'), Mode: { Global: {} } } });
  expect(after([drained], { planned })).toMatchObject({ progress: { wanted: 0 } });
});

test('Swarm’s own rollback is no change of somebody else, even where it ends as "update completed"', () => {
  const look = snapshot({ spec: v1, status: 'completed', started: 0, now: 30, tasks: bothRun(-500) });
  expect(after([look])).toMatchObject({ outcome: 'rolledBack', reason: 'rolled back' });
});

test('of a paused update the task that Swarm names is shown, not one that is on its way', () => {
  const named = task({ id: 'named', slot: 1, created: 1, since: 9, state: 'shutdown', desired: 'shutdown' });
  const onItsWay = task({ slot: 1, created: 9, state: 'preparing' });
  const look = snapshot({
    previous: v1,
    status: 'paused',
    message: 'update paused due to failure or early termination of task named',
    now: 10,
    tasks: [named, onItsWay],
  });
  expect(after([look])).toMatchObject({ outcome: 'paused', culprits: [named] });
});

test('a new task that failed restarts the observation, although an older one has its slot', () => {
  const stays = [task({ slot: 1, created: 1 }), task({ slot: 2, created: 1 })];
  const failed = task({ slot: 1, created: 5, since: 20, state: 'failed' });
  const look = snapshot({
    previous: spec('app:v1', 2, 'continue'),
    status: 'completed',
    now: 40,
    tasks: [...stays, failed],
  });
  const went = { ...look, service: { ...look.service, Spec: spec('app:v2', 2, 'continue') } };
  expect(after([went])).toMatchObject({ state: 'waiting', progress: { waitsFor: 'observing' } });
});
