import { UpdatePolicy } from '../../../../constructs/swarm';
import { Duration } from '../../../../constructs/units';

const seconds = Duration.seconds;

test('start-first rolls one task after the other and goes back by itself, all defaults', () => {
  const policy = UpdatePolicy.startFirst();
  const { delay, monitor, observe, pullTimeout } = policy;
  const durations = {
    delay: `${delay}`,
    monitor: `${monitor}`,
    observe: `${observe}`,
    pullTimeout: `${pullTimeout}`,
  };
  expect({ ...policy, ...durations }).toEqual({
    order: 'start-first',
    parallelism: 1,
    delay: '10s',
    monitor: '10s',
    observe: '30s',
    pullTimeout: '15m',
    maxFailureRatio: 0,
    failureAction: 'rollback',
  });
});

test('stop-first pauses when it fails: a person decides', () => {
  expect(UpdatePolicy.stopFirst()).toMatchObject({ order: 'stop-first', failureAction: 'pause' });
});

test('takes every prop', () => {
  const props = {
    parallelism: 3,
    delay: seconds(40),
    monitor: seconds(30),
    observe: seconds(120),
    pullTimeout: seconds(3600),
    maxFailureRatio: 0.25,
    failureAction: 'continue',
  } as const;
  expect(UpdatePolicy.startFirst(props)).toMatchObject(props);
  expect(UpdatePolicy.stopFirst(props)).toMatchObject({ ...props, order: 'stop-first' });
});

test.each([
  [0, '0.0'],
  [1, '1.0'],
  [0.1, '0.1'],
  [0.25, '0.25'],
])('writes the ratio %d as the provider reads it back: %s', (maxFailureRatio, text) => {
  expect(UpdatePolicy.startFirst({ maxFailureRatio }).maxFailureRatioText).toBe(text);
});

test('refuses a delay below monitor, with both and the least that works', () => {
  expect(() => UpdatePolicy.startFirst({ delay: seconds(9) })).toThrow(
    /^update policy: delay 9s is shorter than monitor 10s\n.*set delay to 10s or more$/,
  );
  expect(() => UpdatePolicy.startFirst({ monitor: seconds(60) })).toThrow(
    'delay 10s is shorter than monitor 1m',
  );
});

test('takes a delay that equals monitor', () => {
  expect(UpdatePolicy.startFirst({ delay: seconds(3), monitor: seconds(3) }).delay.toSeconds()).toBe(3);
});

test.each([0, -1, 1.5, Number.NaN])('refuses parallelism %d', (parallelism) => {
  expect(() => UpdatePolicy.startFirst({ parallelism })).toThrow(
    `parallelism ${parallelism}\n  expected 1 or more`,
  );
});

test.each([-0.1, 1.1, Number.NaN])('refuses a failure ratio of %d', (maxFailureRatio) => {
  expect(() => UpdatePolicy.stopFirst({ maxFailureRatio })).toThrow(
    `maxFailureRatio ${maxFailureRatio}\n  expected 0 to 1`,
  );
});
