import { backupGoals, latencyOf, type MeasuredBackup, median } from '../../../../proof/backup/figures';

const MIB = 1024 ** 2;
const measured: MeasuredBackup = {
  mebibytes: 100,
  first: { seconds: 10, bytes: 177 * MIB, added: 70 * MIB },
  second: { seconds: 6, bytes: 177 * MIB, added: MIB },
  quiet: latencyOf([1, 2, 3]),
  meanwhile: latencyOf([1, 2, 90]),
  rounds: [
    { restore: 6, byHand: 5 },
    { restore: 11, byHand: 10 },
    { restore: 9, byHand: 5 },
  ],
  drill: 8,
};

test('pairs are compared with each other, and the median is held against the goal', () => {
  const { goals, held, lines } = backupGoals(measured);
  expect(goals[0]).toEqual([
    'restore at most 1.2 times mariadb-dump | mariadb',
    '1.20 (1.10–1.80) times',
    'held',
  ]);
  expect(goals[1]).toEqual(['the second backup adds at most 10 %', '1.43 %', 'held']);
  expect(held).toBe(true);
  expect(lines).toContain('restore: 9.00 (6.00–11.00) s');
  expect(lines).toContain('orders, during a backup: p50 2.0 ms, p99 90.0 ms, longest 90 ms of 3');
});

test('a goal that is missed says so', () => {
  const { goals, held } = backupGoals({ ...measured, rounds: [{ restore: 13, byHand: 10 }] });
  expect(goals[0]).toEqual([expect.anything(), '1.30 times', 'MISSED']);
  expect(held).toBe(false);
});

test('a median is in the middle', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(latencyOf([])).toEqual({ orders: 0, p50: 0, p99: 0, longest: 0 });
});
