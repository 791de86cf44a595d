import { effectsOf } from '../../../../operations/plan/text';
import { leavesBand, paceInWords, paceOf, rollSecondsOf } from '../../../../operations/records/pace';
import { offPace } from '../../../../operations/releases/off-pace';
import { releaseWith } from './releases';

/** The newest first. */
const rolls = (...seconds: (number | undefined)[]) =>
  seconds.map((rollSeconds) =>
    releaseWith({
      services: [
        {
          service: 'web',
          change: '',
          outcome: 'converged',
          ...(rollSeconds === undefined ? {} : { rollSeconds }),
        },
      ],
    }),
  );

test('the last five rolls count, and releases in which it did not roll do not', () => {
  expect(paceOf(rolls(24, undefined, 31, 26, 25, 30, 99), 'web')).toEqual({ rolls: 5, least: 24, most: 31 });
  expect(paceOf(rolls(24), 'web')).toBeUndefined();
  expect(paceOf(rolls(24, 25), 'other')).toBeUndefined();
});

test.each([
  [{ rolls: 5, least: 24, most: 31 }, 'the last five took 24 to 31 s'],
  [{ rolls: 2, least: 24, most: 24 }, 'the last two took 24 s each'],
])('%j in words', (pace, words) => {
  expect(paceInWords(pace)).toBe(words);
});

test('the plan says it beside its own estimate, for what restarts', () => {
  const change = {
    service: 'web',
    action: 'update' as const,
    what: '',
    how: 'rolling, start-first',
    restarts: true,
    downtime: false,
    downtimeSeconds: 0,
    seconds: 26,
    drift: [],
    volumes: [],
    risks: [],
    notes: [],
    pace: { rolls: 5, least: 24, most: 31 },
  };
  expect(effectsOf(change)).toEqual([
    'rolling, start-first',
    'about 26 s; the last five took 24 to 31 s',
    'no downtime',
  ]);
  expect(effectsOf({ ...change, restarts: false })[1]).toBe('about 26 s');
});

test.each([
  [31, false],
  [38, false],
  [39.5, true],
  [18, false],
  [17, true],
])('of 24 to 31 s, %d s is told: %s', (seconds, told) => {
  expect(leavesBand({ rolls: 5, least: 24, most: 31 }, seconds)).toBe(told);
  expect(leavesBand({ rolls: 2, least: 24, most: 31 }, seconds)).toBe(false);
});

test('a roll is what its gate took without the time for which it only watched', () => {
  const row = { outcome: 'converged', seconds: 55.4, tasksReplaced: 2 };
  expect(rollSecondsOf(row, 30)).toBe(25);
  expect(rollSecondsOf({ ...row, tasksReplaced: 0 }, 30)).toBeUndefined();
  expect(rollSecondsOf({ ...row, outcome: 'rolledBack' }, 30)).toBeUndefined();
  // Of one that gave up a port, the gate did not watch at all.
  expect(rollSecondsOf({ ...row, seconds: 12 }, 30)).toBeUndefined();
  expect(rollSecondsOf(row, undefined)).toBeUndefined();
});

test('a deploy names the service that left its band, and no other', () => {
  const row = (service: string, seconds: number) => ({
    service,
    change: '',
    outcome: 'converged' as const,
    seconds,
    tasksReplaced: 2,
  });
  const change = (service: string) => ({ service, pace: { rolls: 5, least: 24, most: 31 } });
  const told = offPace(
    { services: [row('web', 88), row('calm', 58)] },
    { services: [change('web'), change('calm')] as never },
    { settings: { observeSeconds: { web: 30, calm: 30 } } },
  );
  expect(told).toEqual(['web took 58 s to roll; the last five took 24 to 31 s']);
});
