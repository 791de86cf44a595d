import {
  estimateReplacement,
  estimateRoll,
  estimateStart,
} from '../../../../../operations/plan/changes/estimate';
import { type ServiceView, seconds, viewOf } from '../../../../../operations/plan/changes/service-view';
import { formatSeconds } from '../../../../../operations/terminal/quantities';

const health = { interval: 5, timeout: 3, startPeriod: 30 };
const view = (more: Partial<ServiceView> = {}): ServiceView => ({
  image: 'web:v1',
  replicas: 2,
  order: 'start-first',
  parallelism: 1,
  delay: 10,
  monitor: 10,
  health,
  drain: 6,
  hostPort: false,
  envEntries: 0,
  volumes: [],
  ...more,
});
const stateful = { replicas: 1, order: 'stop-first', drain: 0 } as const;

test('two tasks, one after the other: a probe each, and the delay between them', () => {
  expect(estimateRoll(view())).toEqual({ seconds: 26, downtimeSeconds: 0 });
});

test('stop-first with one task that another joins: the present one stops before either serves', () => {
  expect(estimateRoll(view({ order: 'stop-first' }), 1)).toEqual({ seconds: 38, downtimeSeconds: 14 });
  expect(estimateRoll(view({ order: 'stop-first', replicas: 1 }), 2).downtimeSeconds).toBe(14);
  expect(estimateRoll(view({ order: 'stop-first', replicas: 3 }), 2).downtimeSeconds).toBe(0);
});

test.each<[string, Partial<ServiceView>, number, number]>([
  ['one task has no delay to wait for', { replicas: 1 }, 8, 0],
  ['two at once are one round', { parallelism: 2 }, 8, 0],
  ['0 is all at once', { parallelism: 0, replicas: 5 }, 8, 0],
  ['five by two are three rounds', { replicas: 5, parallelism: 2 }, 44, 0],
  ['stop-first waits for the drain, others serve', { order: 'stop-first' }, 38, 0],
  ['stop-first with one task: nobody serves', { order: 'stop-first', replicas: 1 }, 14, 14],
  ['stop-first, all at once: nobody serves', { order: 'stop-first', parallelism: 0 }, 14, 14],
  [
    'MariaDB: its own health check',
    { ...stateful, health: { interval: 5, timeout: 5, startPeriod: 30 } },
    10,
    10,
  ],
  ['the edge: clients wait for the process alone', { ...stateful, hostPort: true }, 1, 1],
  ['without a health check: the process alone', { health: undefined, replicas: 1 }, 1, 0],
  ['in global mode: at least one task', { replicas: undefined }, 8, 0],
])('%s', (_, more, all, down) => {
  expect(estimateRoll(view(more))).toEqual({ seconds: all, downtimeSeconds: down });
});

test('a replacement is down for its drain and its start', () => {
  expect(estimateReplacement(view())).toEqual({ seconds: 14, downtimeSeconds: 14 });
});

test('a start period above the usual one is told', () => {
  const slow = view({ health: { ...health, startPeriod: 90 } });
  expect(estimateStart(slow)).toEqual({ seconds: 8, downtimeSeconds: 0, slowStartSeconds: 90 });
});

test.each([
  ['10s', 10],
  ['1m30s', 90],
  ['2m0s', 120],
  ['500ms', 0.5],
  ['1h0m0s', 3600],
  ['', 0],
  [undefined, 0],
])('reads %j as %d s', (text, number) => expect(seconds(text)).toBe(number));

test.each([
  [0.2, '1 s'],
  [26, '26 s'],
  [60, '1 min'],
  [80.4, '1 min 20 s'],
])('says %d as %s', (number, text) => expect(formatSeconds(number)).toBe(text));

describe('a service of the provider', () => {
  test('that says nothing has Docker’s defaults', () => {
    expect(viewOf({})).toEqual({
      image: '?',
      replicas: undefined,
      order: 'stop-first',
      parallelism: 1,
      delay: 0,
      monitor: 5,
      drain: 0,
      health: undefined,
      hostPort: false,
      envEntries: 0,
      volumes: [],
    });
  });

  test('has no health check where it is switched off', () => {
    const of = (check: object) =>
      viewOf({ task_spec: [{ container_spec: [{ healthcheck: [check] }] }] }).health;
    expect(of({ test: ['NONE'] })).toBeUndefined();
    expect(of({ test: ['CMD', 'true'] })).toEqual({ interval: 30, timeout: 30, startPeriod: 0 });
    // One that waits for a recovery an hour long, and says what it takes otherwise.
    const patient = { test: ['CMD', '/serving', '--timeout=4', '--', 'true'], interval: '5s', timeout: '1h' };
    expect(of(patient)).toEqual({ interval: 5, timeout: 4, startPeriod: 0 });
    expect(of({ test: ['CMD', 'true'], interval: '5s', timeout: '3s', start_period: '1m30s' })).toEqual({
      interval: 5,
      timeout: 3,
      startPeriod: 90,
    });
  });

  test('writes to volumes that it does not mount read-only', () => {
    const mounts = [
      { type: 'volume', source: 'data', target: '/a' },
      { type: 'volume', source: 'theirs', target: '/b', read_only: true },
      { type: 'tmpfs', target: '/c' },
    ];
    expect(viewOf({ task_spec: [{ container_spec: [{ mounts }] }] }).volumes).toEqual(['data']);
  });
});
