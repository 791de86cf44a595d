import { newest, previous, releaseOf } from '../../../../operations/records/choose';
import { releaseWith } from './releases';

const failed = { outcome: 'rolledBack', exitCode: 2 };
/** The newest first. */
const releases = (...parts: readonly Parameters<typeof releaseWith>[0][]) =>
  parts.map((part, at) => releaseWith({ number: at + 1, ...part })).reverse();

test.each([
  ['the one before', releases({}, {}, {}), 2],
  ['after a deploy that failed, the newest that converged', releases({}, {}, failed), 2],
  ['past one that failed', releases({}, failed, {}), 1],
  ['after going back, the one before that which it went back to', releases({}, {}, {}, { of: 2 }), 1],
  ['after a deploy that followed going back, what ran before it', releases({}, {}, { of: 1 }, {}), 3],
])('previous is %s', (_, list, number) => {
  expect(previous(list).number).toBe(number);
});

test('what is not there is said, with what to do', () => {
  expect(() => previous(releases({}, { of: 1 }))).toThrow(
    /no release before 1 that converged\n {2}check out/,
  );
  expect(() => previous([])).toThrow('no releases yet');
  expect(() => releaseOf(releases({}, {}), 7)).toThrow(/no release 7\n {2}choose from 1 to 2/);
  expect(() => newest(releases(failed))).toThrow('no release that converged');
});

test('what should run is the newest that converged', () => {
  expect(newest(releases({}, {}, failed)).number).toBe(2);
});
