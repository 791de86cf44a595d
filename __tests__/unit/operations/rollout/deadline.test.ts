import { UpdatePolicy } from '../../../../constructs/swarm';
import {
  deadlineSeconds,
  limitsOf,
  PULL_SECONDS,
  SLACK_SECONDS,
  timingsOf,
} from '../../../../operations/rollout/deadline';

const timings = {
  startPeriodSeconds: 20,
  healthIntervalSeconds: 5,
  healthTimeoutSeconds: 3,
  healthRetries: 3,
  delaySeconds: 10,
  monitorSeconds: 10,
  stopGraceSeconds: 30,
};

test('adds every wave, the way back, the observation and slack', () => {
  const wave = 20 + 3 * (5 + 3) + 30;
  const once = 2 * wave + 10 + 10;
  expect(deadlineSeconds(timings, 2)).toBe(2 * once + 30 + SLACK_SECONDS);
});

test('grows with replicas and shrinks with parallelism; 0 means all at once', () => {
  expect(deadlineSeconds(timings, 4)).toBeGreaterThan(deadlineSeconds(timings, 2));
  expect(deadlineSeconds({ ...timings, parallelism: 4 }, 4)).toBe(deadlineSeconds(timings, 1));
  expect(deadlineSeconds({ ...timings, parallelism: 0 }, 9)).toBe(deadlineSeconds(timings, 1));
});

test('can be overridden, even by 0', () => {
  expect(deadlineSeconds({ ...timings, deadlineSeconds: 45 }, 9)).toBe(45);
  expect(deadlineSeconds({ deadlineSeconds: 0 })).toBe(0);
});

test('lets images be pulled on top of it, except where the whole wait is named', () => {
  expect(limitsOf({}, 2).pullSeconds).toBe(PULL_SECONDS);
  expect(limitsOf({ pullSeconds: 60 }, 2).pullSeconds).toBe(60);
  expect(limitsOf({ pullSeconds: 60, deadlineSeconds: 45 }, 2).pullSeconds).toBe(0);
  expect(UpdatePolicy.startFirst().pullTimeout.toSeconds()).toBe(PULL_SECONDS);
});

test('is finite for a service about which nothing is known', () => {
  expect(deadlineSeconds()).toBeLessThan(900);
});

test('observes for the monitor time or 30 s, whichever is longer, unless told otherwise', () => {
  expect(timingsOf({ monitorSeconds: 10 }).observeSeconds).toBe(30);
  expect(timingsOf({ monitorSeconds: 60 }).observeSeconds).toBe(60);
  expect(timingsOf({ observeSeconds: 5 }).observeSeconds).toBe(5);
});
