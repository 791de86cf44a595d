import { expiryOf } from '../../../../operations/certificates/expiry';

const DAY = 86_400_000;
const NOW = new Date('2026-01-10T12:00:00Z');
const of = (lifetimeDays: number, leftDays: number) => {
  const validTo = new Date(NOW.getTime() + leftDays * DAY).toISOString();
  const validFrom = new Date(NOW.getTime() + (leftDays - lifetimeDays) * DAY).toISOString();
  return expiryOf({ validFrom, validTo }, NOW);
};

test.each([
  ['a year', 365, 21, 20.9],
  ["Let's Encrypt's 90 days", 90, 21, 20.9],
  ['45 days', 45, 11.3, 11.2],
  ['6 days', 6, 1.6, 1.4],
])('with a lifetime of %s it warns when a renewal is late, and not before', (_, lifetime, fine, late) => {
  expect(of(lifetime, fine).warn).toBe(false);
  expect(of(lifetime, late).warn).toBe(true);
});

test('says the time that is left in days, near the end in hours, and then when it was', () => {
  expect(of(90, 30.5)).toEqual({ daysLeft: 30, warn: false, text: 'ends in 30 days' });
  expect(of(90, 2.5)).toEqual({ daysLeft: 2, warn: true, text: 'ends in 60 hours' });
  expect(of(90, -0.25)).toEqual({ daysLeft: -1, warn: true, text: 'expired on 2026-01-10' });
});

test('without its beginning it warns at 21 days, and reads OpenSSL’s words', () => {
  expect(expiryOf({ validTo: 'Jan 30 12:00:00 2026 GMT' }, NOW)).toEqual({
    daysLeft: 20,
    warn: true,
    text: 'ends in 20 days',
  });
  expect(expiryOf({ validTo: 'Feb  1 12:00:00 2026 GMT' }, NOW).warn).toBe(false);
});
