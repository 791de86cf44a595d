import { lastDue } from '../../../../operations/backup/cron';

const last = (schedule: string, before = '2026-11-27T12:00:30Z') => {
  const found = lastDue(schedule, Date.parse(before));
  return found === undefined ? undefined : new Date(found).toISOString().slice(0, 16);
};

test.each([
  ['15 3 * * *', '2026-11-27T03:15'],
  ['0 12 * * *', '2026-11-27T12:00'],
  ['1 12 * * *', '2026-11-26T12:01'],
  ['*/5 * * * *', '2026-11-27T12:00'],
  ['45 4 * * 0', '2026-11-22T04:45'],
  ['45 4 * * 7', '2026-11-22T04:45'],
  ['0 4 1,15 * *', '2026-11-15T04:00'],
  ['0 4 1 * 1', '2026-11-23T04:00'],
  ['0 4 31 1-11/2 *', '2026-07-31T04:00'],
  ['30-50/10 11 * * *', '2026-11-27T11:50'],
])('%s was last due at %s', (schedule, expected) => {
  expect(last(schedule)).toBe(expected);
});

test('a day that does not come is never due', () => {
  expect(last('0 4 30 2 *')).toBeUndefined();
});
