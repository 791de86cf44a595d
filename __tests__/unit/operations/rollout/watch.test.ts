import type { Evidence } from '../../../../operations/docker/evidence';
import { ConnectionError } from '../../../../operations/docker/explain';
import type { Snapshot } from '../../../../operations/docker/snapshot';
import type { Swarm } from '../../../../operations/docker/swarm-client';
import { type Clock, type WatchOptions, watch } from '../../../../operations/rollout/watch';
import { MEASURE, snapshot, spec, task } from './swarm-says';

const v1 = spec('app:v1');
const tasks = (now: number) => [
  task({ id: 'a', slot: 1, created: now - 90 }),
  task({ id: 'b', slot: 2, created: now - 90 }),
];
const done = (now: number) =>
  snapshot({ previous: v1, status: 'completed', started: now - 100, now, tasks: tasks(now) });
const cut = () => new ConnectionError('unreachable', 'vps cannot be reached', 'check it');

/** A Swarm that answers as a function of the seconds that passed, and a clock that only sleeping moves. */
function world(says: (seconds: number) => Snapshot) {
  let ms = 0;
  const calls: string[] = [];
  const clock: Clock = {
    now: () => ms,
    sleep: async (by) => {
      ms += by;
    },
  };
  const none: Evidence = { log: ['last words'], outOfMemory: false };
  const swarm: Swarm = {
    snapshot: async () => says(ms / 1000),
    evidence: async (of) => {
      calls.push(`evidence ${of.ID}`);
      return none;
    },
    rollBack: async (_, seen) => {
      calls.push(`rollback of version ${seen.Version.Index} at ${Math.round(ms / 1000)}`);
    },
    resume: async (_, seen) => {
      calls.push(`resume of version ${seen.Version.Index} at ${Math.round(ms / 1000)}`);
    },
    reconnect: () => {
      calls.push('reconnect');
    },
  };
  const run = (measure: object = {}, onProgress?: WatchOptions['onProgress']) =>
    watch({
      service: 'web',
      swarm,
      clock,
      measure: { ...MEASURE, ...measure },
      ...(onProgress ? { onProgress } : {}),
    });
  return { run, calls, swarm };
}

test('ends with what Swarm runs', async () => {
  const result = await world((s) =>
    s < 20 ? snapshot({ previous: v1, status: 'updating', now: s }) : done(s),
  ).run();
  expect(result).toMatchObject({ outcome: 'converged', replaced: 2, progress: { running: 2, wanted: 2 } });
  expect(result.seconds).toBeGreaterThanOrEqual(20);
  expect(result.seconds).toBeLessThan(22);
});

test('outlives a cut connection and a manager that restarts, on new connections', async () => {
  const { run, calls } = world((s) => {
    if (s > 5 && s < 9) throw cut();
    if (s >= 9 && s < 12) throw new ConnectionError('notManager', 'not a manager', 'swarm init');
    return s < 20 ? snapshot({ previous: v1, status: 'updating', now: s }) : done(s);
  });
  expect(await run()).toMatchObject({ outcome: 'converged' });
  expect(calls).toContain('reconnect');
});

test('ends as unreachable at the deadline when the server stays away', async () => {
  const result = await world((s) => {
    if (s > 5) throw cut();
    return snapshot({ previous: v1, status: 'updating', now: s });
  }).run({ deadlineSeconds: 60 });
  expect(result).toMatchObject({
    outcome: 'unreachable',
    reason: expect.stringMatching(/cannot be reached/),
  });
  expect(result.seconds).toBeLessThan(62);
});

test('waits only half a minute for a server that was never there', async () => {
  const result = await world(() => {
    throw cut();
  }).run();
  expect(result.outcome).toBe('unreachable');
  expect(result.seconds).toBeLessThan(32);
});

test('does not wait for what does not pass by itself', async () => {
  const result = await world(() => {
    throw new ConnectionError('hostKey', 'unknown host key', 'compare it');
  }).run();
  expect(result).toMatchObject({ outcome: 'unreachable', seconds: 0 });
});

test('never waits longer than the deadline, whatever Swarm does', async () => {
  const result = await world((s) => snapshot({ previous: v1, status: 'updating', now: s })).run({
    deadlineSeconds: 40,
  });
  expect(result).toMatchObject({ outcome: 'timedOut' });
  expect(result.seconds).toBeLessThan(42);
});

test('puts a service back that crashes late, once, and says why', async () => {
  const ran = [task({ id: 'a', slot: 1, created: 0 }), task({ id: 'b', slot: 2, created: 0 })];
  const crashed = [task({ id: 'a', slot: 1, created: 0, state: 'failed', since: 12 }), ran[1]!];
  let asked = false;
  const { run, calls } = world((s) => {
    asked = asked || calls.some((call) => call.startsWith('rollback'));
    if (!asked) return snapshot({ previous: v1, status: 'completed', now: s, tasks: s < 12 ? ran : crashed });
    const status = s < 25 ? 'rollback_started' : 'rollback_completed';
    return snapshot({ spec: v1, previous: spec('app:v2'), status, started: 14, now: s, tasks: crashed });
  });
  const result = await run();
  expect(result).toMatchObject({
    outcome: 'rolledBack',
    reason: expect.stringMatching(/task 1 was healthy and then crashed/),
  });
  expect(result.culprits[0]?.ID).toBe('a');
  expect(result.evidence.get('a')?.log).toEqual(['last words']);
  expect(calls.filter((call) => call.startsWith('rollback'))).toHaveLength(1);
});

describe('what an earlier deploy left paused half-way', () => {
  const old = task({ id: 'b', slot: 2, image: 'app:v3', created: -500 });
  const half = [task({ id: 'a', slot: 1, created: -90 }), old];
  const left = (now: number) => snapshot({ status: 'rollback_paused', started: -100, now, tasks: half });

  test('is resumed once, from what was seen, and told', async () => {
    const { run, calls } = world((s) => {
      if (!calls.some((call) => call.startsWith('resume'))) return left(s);
      if (s < 20) return snapshot({ previous: spec('app:v2'), status: 'updating', now: s, tasks: half });
      return snapshot({ previous: spec('app:v2'), status: 'completed', now: s, tasks: tasks(s) });
    });
    expect(await run({ mayResume: true })).toMatchObject({
      outcome: 'converged',
      resumed: 'the rollback that an earlier deploy left paused half-way',
    });
    expect(calls.filter((call) => call.startsWith('resume'))).toEqual(['resume of version 42 at 0']);
  });

  test('ends as paused when it pauses again, with the tasks that failed since', async () => {
    const failed = task({ id: 'x', slot: 2, created: 5, since: 6, state: 'failed' });
    const { run, calls } = world((s) => {
      if (!calls.some((call) => call.startsWith('resume'))) return left(s);
      const status = s < 8 ? 'updating' : 'rollback_paused';
      return snapshot({ status, previous: spec('app:v2'), now: s, tasks: s < 6 ? half : [...half, failed] });
    });
    const result = await run({ mayResume: true });
    expect(result).toMatchObject({ outcome: 'paused', culprits: [failed] });
    expect(result.resumed).toBeDefined();
    expect(calls.filter((call) => call.startsWith('resume'))).toHaveLength(1);
  });

  test('is judged again when somebody was faster: nobody’s update is overwritten', async () => {
    const { run } = world(left);
    const other = snapshot({ spec: spec('app:v4'), previous: spec('app:v2'), status: 'updating', now: 3 });
    const looks = [left(0), other];
    const swarm: Swarm = {
      snapshot: async () => looks.shift() ?? other,
      evidence: async () => ({ log: [], outOfMemory: false }),
      rollBack: async () => {},
      resume: async () => {
        throw Object.assign(new Error('rpc error: update out of sequence'), { statusCode: 500 });
      },
      reconnect: () => {},
    };
    let ms = 0;
    const clock: Clock = {
      now: () => ms,
      sleep: async (by) => {
        ms += by;
      },
    };
    const result = await watch({ service: 'web', swarm, clock, measure: { ...MEASURE, mayResume: true } });
    expect(result).toMatchObject({ outcome: 'superseded', reason: expect.stringMatching(/app:v4/) });
    expect(result.resumed).toBeUndefined();
    expect(await run()).toMatchObject({ outcome: 'paused' });
  });
});

test('stays bounded when the rollback that it asked for never ends', async () => {
  const ran = [task({ id: 'a', created: 0 })];
  const crashed = [task({ id: 'a', created: 0, state: 'failed', since: 12 })];
  const { run, calls } = world((s) =>
    calls.some((call) => call.startsWith('rollback'))
      ? snapshot({ spec: v1, previous: spec('app:v2'), status: 'rollback_started', now: s })
      : snapshot({ previous: v1, status: 'completed', now: s, tasks: s < 12 ? ran : crashed }),
  );
  const result = await run({ deadlineSeconds: 60 });
  expect(result.outcome).toBe('timedOut');
  expect(result.seconds).toBeLessThan(90);
});

test('collects the log of a failed task at first sight, since Swarm forgets it', async () => {
  const failed = task({ id: 'x', slot: 1, created: 1, state: 'failed', since: 2 });
  const { run, calls } = world((s) =>
    s < 10 ? snapshot({ previous: v1, status: 'updating', now: s, tasks: s < 3 ? [failed] : [] }) : done(s),
  );
  await run();
  expect(calls.filter((call) => call === 'evidence x')).toHaveLength(1);
});

test('is superseded when somebody removes the service', async () => {
  const result = await world((s) => {
    if (s > 3) throw Object.assign(new Error('service web not found'), { statusCode: 404 });
    return snapshot({ previous: v1, status: 'updating', now: s });
  }).run();
  expect(result).toMatchObject({ outcome: 'superseded', reason: expect.stringMatching(/removed/) });
});

test('lets a mistake of the program through instead of waiting for it to pass', async () => {
  const broken = world(() => {
    throw new TypeError('x is undefined');
  });
  await expect(broken.run()).rejects.toThrow(TypeError);
});

test('puts back only what it has seen: where somebody was faster it looks again', async () => {
  const first = task({ id: 'a', slot: 1, created: 0 });
  const crashed = task({ id: 'a', slot: 1, created: 0, state: 'failed', since: 5 });
  const other = task({ id: 'b', slot: 2, created: 0 });
  const { run, calls, swarm } = world((s) =>
    snapshot({ previous: v1, status: 'completed', now: s, tasks: [s < 5 ? first : crashed, other] }),
  );
  const { rollBack } = swarm;
  swarm.rollBack = (_, seen) => {
    swarm.rollBack = rollBack;
    calls.push(`refused for version ${seen.Version.Index}`);
    return Promise.reject(Object.assign(new Error('rpc error: update out of sequence'), { statusCode: 500 }));
  };
  await run();
  expect(calls.filter((call) => /version/.test(call))).toEqual([
    'refused for version 42',
    expect.stringMatching(/^rollback of version 42 at /),
  ]);
});

describe('what Docker does not do', () => {
  const refused = (statusCode: number, words: string) =>
    Object.assign(new Error(`${words} `), { statusCode });

  test('at a look, is waited out like a cut connection', async () => {
    const odd = refused(500, 'rpc error: code = Internal desc = transport: x');
    const { run } = world((s) => {
      if (s > 5 && s < 9) throw odd;
      return done(s);
    });
    expect(await run()).toMatchObject({ outcome: 'converged' });
    const ever = world(() => {
      throw odd;
    });
    expect(await ever.run()).toMatchObject({
      outcome: 'unreachable',
      reason: expect.stringMatching(/Internal/),
    });
  });

  test('when a crash is to be put back, is told with the crash, and is no fault of the gate', async () => {
    const crashes = (s: number) =>
      snapshot({
        previous: v1,
        status: 'completed',
        now: s,
        tasks: [
          s < 5
            ? task({ id: 'a', slot: 1, created: 0 })
            : task({ id: 'a', slot: 1, created: 0, state: 'failed', since: 5 }),
          task({ id: 'b', slot: 2, created: 0 }),
        ],
      });
    for (const statusCode of [400, 404, 500]) {
      const { run, swarm, calls } = world(crashes);
      swarm.rollBack = () => Promise.reject(refused(statusCode, 'secret db_1 not found'));
      expect(await run()).toMatchObject({
        outcome: 'timedOut',
        reason:
          'task 1 was healthy and then crashed, and Docker does not put the service back: secret db_1 not found',
        culprits: [{ ID: 'a' }],
      });
      expect(calls).toContain('evidence a');
    }
  });

  test('when a paused update is to go on, leaves it paused', async () => {
    const half = [task({ slot: 1, created: -80 }), task({ slot: 2, image: 'app:v1', created: -500 })];
    const { run, swarm } = world((now) =>
      snapshot({ status: 'paused', previous: v1, started: -100, now, tasks: half }),
    );
    swarm.resume = () => Promise.reject(refused(400, 'no such config'));
    expect(await run({ mayResume: true })).toMatchObject({
      outcome: 'paused',
      reason: expect.stringMatching(/left paused half-way cannot be resumed: no such config$/),
    });
  });
});

describe('an earlier failure that Swarm still tells', () => {
  const stale =
    (status: 'paused' | 'rollback_completed' | 'rollback_paused', previous?: typeof v1) => (s: number) =>
      snapshot({ status, started: s - 500, now: s, tasks: tasks(s), ...(previous ? { previous } : {}) });

  test.each([
    ['an update that paused', stale('paused', v1)],
    ['a rollback by Swarm', stale('rollback_completed')],
    ['a rollback that paused', stale('rollback_paused')],
  ])('%s: is taken back once a deploy converges', async (_what, says) => {
    const { run, calls } = world(says);
    const result = await run({ mayResume: true });
    expect(result).toMatchObject({ outcome: 'converged' });
    expect(result.resumed).toBeUndefined();
    expect(calls).toEqual(['resume of version 42 at 0']);
  });

  test('is left where nobody deploys, and a rollback on request is no failure', async () => {
    const looks = world(stale('rollback_completed'));
    expect(await looks.run()).toMatchObject({ outcome: 'converged' });
    const asked = world(stale('rollback_completed', v1));
    expect(await asked.run({ mayResume: true })).toMatchObject({ outcome: 'converged' });
    expect([...looks.calls, ...asked.calls]).toEqual([]);
  });

  test('fails no deploy when it cannot be taken back', async () => {
    const { run, swarm } = world(stale('paused', v1));
    swarm.resume = () => Promise.reject(Object.assign(new Error('out of sequence'), { statusCode: 500 }));
    expect(await run({ mayResume: true })).toMatchObject({ outcome: 'converged' });
    swarm.resume = () => Promise.reject(cut());
    expect(await run({ mayResume: true })).toMatchObject({ outcome: 'converged' });
  });
});

describe('an image that is pulled', () => {
  /** Slots pull one after the other, each on its own node; then all run. */
  const pulling = (each: number, slots = 3) =>
    world((s) => {
      const at = Math.floor(s / each);
      const running = (slot: number) =>
        task({ id: `t${slot}`, slot, created: slot * each - 1, since: slot * each });
      const story = { spec: spec('app:v2', slots), previous: v1, now: s };
      const done = Array.from({ length: Math.min(at, slots) }, (_, n) => running(n + 1));
      if (at >= slots) return snapshot({ ...story, status: 'completed', tasks: done });
      const now = task({ id: `t${at + 1}`, slot: at + 1, created: at * each, state: 'preparing' });
      return snapshot({ ...story, status: 'updating', tasks: [...done, now] });
    });
  const planned = { image: 'app:v2', replicas: 3 };

  test('is waited for beyond the deadline, on three nodes one after the other', async () => {
    const result = await pulling(400).run({ planned, deadlineSeconds: 300, pullSeconds: 900 });
    expect(result).toMatchObject({ outcome: 'converged', progress: { running: 3 } });
    expect(result.seconds).toBeGreaterThan(1200);
  });

  test('says so, but not of one that was there already', async () => {
    const words = async (each: number) => {
      const said = new Set<string>();
      await pulling(each).run({ planned, pullSeconds: 900 }, ({ waitsFor }) => said.add(waitsFor));
      return [...said];
    };
    expect(await words(60)).toContain('pulling');
    expect(await words(1.5)).not.toContain('pulling');
  });

  test('is not waited for forever: each slot has its bound', async () => {
    const result = await pulling(1e6).run({ planned, deadlineSeconds: 300, pullSeconds: 900 });
    expect(result).toMatchObject({ outcome: 'timedOut', reason: 'after 1201 s still pulling' });
    expect(result.culprits).toHaveLength(1);
  });

  test('makes nothing longer where the whole wait is named, nor pulls that go on side by side', async () => {
    const alone = await pulling(1e6).run({ planned, deadlineSeconds: 300 });
    expect(alone).toMatchObject({ outcome: 'timedOut' });
    expect(alone.seconds).toBeLessThan(302);
    const both = world((now) => {
      const tasks = [1, 2].map((slot) => task({ id: `t${slot}`, slot, created: 0, state: 'preparing' }));
      return snapshot({ created: 0, updated: 0, now, tasks });
    });
    const result = await both.run({ deadlineSeconds: 300, pullSeconds: 900 });
    expect(result).toMatchObject({ outcome: 'timedOut' });
    expect(result.seconds).toBeLessThan(1203);
  });
});

test('an update that changes no task, such as of a label, does not end the observation', async () => {
  const young = [task({ id: 'a', slot: 1, created: 1 }), task({ id: 'b', slot: 2, created: 2 })];
  const relabelled = { previous: spec('app:v2'), updated: 10 };
  const result = await world((s) =>
    snapshot({ now: s, tasks: young, ...(s < 10 ? { previous: v1, status: 'completed' } : relabelled) }),
  ).run();
  expect(result.outcome).toBe('converged');
  expect(result.seconds).toBeGreaterThan(31);
});

describe('answers that are some seconds old', () => {
  const older = (now: number) => {
    const seen = snapshot({ spec: v1, now });
    return { ...seen, service: { ...seen.service, Version: { Index: 41 } } };
  };

  test('are no change by somebody else at the first looks', async () => {
    const result = await world((s) => (s < 3 ? older(s) : done(s))).run();
    expect(result.outcome).toBe('converged');
  });

  test('are no news after newer ones', async () => {
    const result = await world((s) =>
      s >= 8 && s < 12 ? older(s) : s < 20 ? snapshot({ previous: v1, status: 'updating', now: s }) : done(s),
    ).run();
    expect(result.outcome).toBe('converged');
  });

  test('from before the service was created are no removal', async () => {
    const result = await world((s) => {
      if (s > 1 && s < 4) throw Object.assign(new Error('service web not found'), { statusCode: 404 });
      return done(s);
    }).run({ observeSeconds: 30 });
    expect(result.outcome).toBe('converged');
  });

  test('are waited for no longer than the deadline', async () => {
    const result = await world((s) => older(s)).run({ deadlineSeconds: 4 });
    expect(result.outcome).toBe('superseded');
    expect(result.seconds).toBeLessThan(5);
  });
});
