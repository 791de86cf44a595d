import type { Evidence } from '../../../../operations/docker/evidence';
import { machineReport, report } from '../../../../operations/rollout/report';
import type { Result } from '../../../../operations/rollout/watch';
import { snapshot, spec, task } from './swarm-says';

const where = { host: 'ssh://vps', position: { index: 4, total: 9 } };

function result(change: Partial<Result>): Result {
  return {
    service: 'web',
    outcome: 'converged',
    reason: '',
    seconds: 7.44,
    culprits: [],
    replaced: 2,
    progress: { running: 2, wanted: 2, waitsFor: '' },
    evidence: new Map(),
    ...change,
  };
}

const both = [task({ slot: 1 }), task({ slot: 2 })];

test.each([
  [
    'an update',
    snapshot({ previous: spec('app:v1'), status: 'completed', now: 9, tasks: both }),
    2,
    'app:v1 → app:v2, 2 tasks replaced',
  ],
  ['a create', snapshot({ created: 0, now: 9, tasks: both }), 2, 'created, app:v2, 2 tasks'],
  [
    'a scale',
    snapshot({ previous: spec('app:v2', 1), now: 9, tasks: both }),
    1,
    'app:v2, 1 → 2 replicas, 1 task started',
  ],
  ['no change', snapshot({ previous: spec('app:v2'), now: 9, tasks: both }), 0, 'app:v2, no task replaced'],
])('says %s in one line', (_what, seen, replaced, words) => {
  const said = report(result({ snapshot: seen, replaced }), where);
  expect(said).toBe(`[4/9] web converged in 7.4 s: ${words}`);
});

test('says that it had Swarm go on, and offers no way back that an update without a change has overwritten', () => {
  const resumed = 'the update that an earlier deploy left paused half-way';
  const seen = snapshot({ previous: spec('app:v2'), status: 'completed', now: 9, tasks: both });
  expect(report(result({ snapshot: seen, resumed }), where)).toMatch(
    /^\[4\/9\] web converged in .*2 tasks replaced, resumed the update that an earlier deploy left paused half-way$/,
  );
  const paused = result({ outcome: 'paused', reason: 'update paused', snapshot: seen, resumed });
  expect(report(paused, where)).not.toContain('docker service rollback');
  const before = snapshot({ previous: spec('app:v1'), status: 'paused', now: 9, tasks: both });
  expect(report({ ...paused, snapshot: before }, where)).toContain('docker service rollback web');
});

const failed = task({
  slot: 2,
  image: 'app:v2',
  state: 'failed',
  error: 'task: non-zero exit (1)',
  exitCode: 1,
});
const evidence: Evidence = {
  node: 'vps',
  log: ['starting', 'no database'],
  health: 'exit 7: refused',
  outOfMemory: false,
};
const rolledBack = result({
  outcome: 'rolledBack',
  reason: 'rollback completed',
  culprits: [failed],
  evidence: new Map([[failed.ID, evidence]]),
  snapshot: snapshot({
    spec: spec('app:v1'),
    status: 'rollback_completed',
    now: 9,
    tasks: [failed, task({ slot: 1, image: 'app:v1' }), task({ slot: 2, image: 'app:v1' })],
  }),
});

test('says of a failure who, where, why, the last words, what runs now and what next', () => {
  expect(report(rolledBack, where).split('\n')).toEqual([
    '[4/9] web FAILED, rolled back after 7.4 s: rollback completed',
    `  task web.2 (${failed.ID.slice(0, 12)}, app:v2) on vps: failed, "task: non-zero exit (1)"`,
    '  likely cause: the program ended by itself with status 1; its last log lines say why',
    '  last health check: exit 7: refused',
    '  last 2 log lines:',
    '    starting',
    '    no database',
    '  runs now: 2 × app:v1 (2 wanted; Swarm says rollback_completed)',
    '  next: correct the image or setting and deploy again; the previous version is serving',
  ]);
});

test('says a cause that has commands line by line, to be copied', () => {
  const log = ['Invalid cluster.id'];
  const Mounts = [{ Type: 'volume', Source: 'shop_kafka_data', Target: '/data' }];
  const Spec = { ContainerSpec: { Image: 'kafka', Mounts } };
  const broker = { ...failed, Spec };
  const said = report(
    { ...rolledBack, culprits: [broker], evidence: new Map([[failed.ID, { ...evidence, log }]]) },
    where,
  );
  expect(said).toMatch(
    /\n {2}likely cause: the volume shop_kafka_data .*:\n {4}docker service rm web\n {4}until /,
  );
});

test('says the same failure of two slots once', () => {
  const twin = { ...failed, ID: 'twin', Slot: 1 };
  const said = report({ ...rolledBack, culprits: [failed, twin] }, where);
  expect(said.match(/likely cause/g)).toHaveLength(1);
});

test('names the command that goes back only where there is something to go back to', () => {
  const paused = { outcome: 'paused', reason: 'update paused' } as const;
  const update = result({
    ...paused,
    snapshot: snapshot({ previous: spec('app:v1'), status: 'paused', now: 9 }),
  });
  expect(report(update, where)).toMatch(/docker service rollback web/);
  const create = result({ outcome: 'timedOut', reason: 'x', snapshot: snapshot({ now: 9 }) });
  expect(report(create, where)).not.toMatch(/docker service rollback/);
});

test('says it does not know when the server cannot be asked', () => {
  const said = report(result({ outcome: 'unreachable', reason: 'vps cannot be reached\ncheck it' }), where);
  expect(said).toMatch(/^\[4\/9\] web UNKNOWN.*\n {2}check it\n {2}next: /);
});

test('is one object on one line for machines', () => {
  const text = JSON.stringify(machineReport(rolledBack));
  expect(text).not.toContain('\n');
  expect(JSON.parse(text)).toMatchObject({
    service: 'web',
    outcome: 'rolledBack',
    exitCode: 2,
    seconds: 7.4,
    image: 'app:v1',
    tasks: [
      {
        slot: '2',
        node: 'vps',
        state: 'failed',
        log: ['starting', 'no database'],
        health: 'exit 7: refused',
      },
    ],
  });
});

test('has no colours', () => {
  expect(report(rolledBack, where)).not.toContain('\u001b');
});
