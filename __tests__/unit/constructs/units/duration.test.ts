import { Duration } from '../../../../constructs/units';

// Right-hand sides are Go's, without the trailing zeros that the provider cuts off: "1m0s" is "1m".
test.each([
  [Duration.seconds(0), '0s'],
  [Duration.milliseconds(500), '500ms'],
  [Duration.seconds(0.25), '250ms'],
  [Duration.seconds(10), '10s'],
  [Duration.milliseconds(1500), '1.5s'],
  [Duration.seconds(59), '59s'],
  [Duration.seconds(60), '1m'],
  [Duration.seconds(90), '1m30s'],
  [Duration.minutes(1.5), '1m30s'],
  [Duration.milliseconds(90_500), '1m30.5s'],
  [Duration.minutes(60), '1h'],
  [Duration.minutes(120), '2h'],
  [Duration.seconds(25 * 3600 + 61), '25h1m1s'],
  [Duration.minutes(61), '1h1m'],
  [Duration.seconds(3601), '1h0m1s'],
])('%# is written as the provider stores it: %s', (duration, written) => {
  expect(duration.toString()).toBe(written);
  expect(`${duration}`).toBe(written);
});

test.each([
  [() => Duration.seconds(-1), 'Duration.seconds(-1)'],
  [() => Duration.seconds(Number.NaN), 'Duration.seconds(NaN)'],
  [() => Duration.minutes(Number.POSITIVE_INFINITY), 'Duration.minutes(Infinity)'],
  [() => Duration.milliseconds(0.5), 'Duration.milliseconds(0.5)'],
  [() => Duration.seconds(0.0001), 'Duration.seconds(0.0001)'],
])('refuses what is no length of time in whole milliseconds, and says what was written', (make, written) => {
  expect(make).toThrow(written);
  expect(make).toThrow('write for example Duration.seconds(10)');
});

test('takes decimal fractions that binary ones only come near to', () => {
  // 1.001 * 1000 is 1000.9999999999999 in floating point.
  expect(Duration.seconds(1.001).toMilliseconds()).toBe(1001);
  expect(Duration.seconds(0.1).plus(Duration.seconds(0.2)).toMilliseconds()).toBe(300);
});

test('converts, adds and compares', () => {
  expect(Duration.minutes(2).toSeconds()).toBe(120);
  expect(Duration.seconds(6).plus(Duration.seconds(30)).toString()).toBe('36s');
  expect(Duration.seconds(9).isShorterThan(Duration.seconds(10))).toBe(true);
  expect(Duration.seconds(10).isShorterThan(Duration.seconds(10))).toBe(false);
});
