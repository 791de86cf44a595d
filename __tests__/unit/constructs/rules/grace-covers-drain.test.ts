import { graceCoversDrain } from '../../../../constructs/rules/grace-covers-drain';
import { Duration } from '../../../../constructs/units';
import { findings } from '../../../support/platform/rules';

const seconds = (amount: number) => Duration.seconds(amount);
const drain = seconds(6);
const gracefulTimeout = seconds(30);

test('accepts drain, graceful time-out and 5 s to close down', () => {
  expect(findings(graceCoversDrain, { drain, gracefulTimeout, stopGracePeriod: seconds(41) })).toEqual([]);
});

test('refuses one second less, with the least that works', () => {
  expect(findings(graceCoversDrain, { drain, gracefulTimeout, stopGracePeriod: seconds(40) })).toEqual([
    'web is killed after 40s, while draining (6s) and finishing requests (30s) can take longer\nset stopGracePeriod to 41s or more',
  ]);
});

test.each([
  [{ drain }, 11],
  [{ gracefulTimeout }, 35],
])('%j alone counts, and what is absent is no "undefined"', (props, least) => {
  expect(findings(graceCoversDrain, { ...props, stopGracePeriod: seconds(least) })).toEqual([]);
  const found = findings(graceCoversDrain, { ...props, stopGracePeriod: seconds(least - 1) });
  expect(found).toEqual([expect.stringContaining(`set stopGracePeriod to ${least}s or more`)]);
  expect(found.join()).not.toContain('undefined');
});

test('a service that drains nothing needs a grace period all the same', () => {
  expect(findings(graceCoversDrain, { stopGracePeriod: seconds(1) })).toEqual([]);
  expect(findings(graceCoversDrain, { stopGracePeriod: seconds(0) })).toEqual([
    expect.stringMatching(
      /^web has a stop grace period of 0s: it is killed at once\nset stopGracePeriod to 10 s or more$/,
    ),
  ]);
});
