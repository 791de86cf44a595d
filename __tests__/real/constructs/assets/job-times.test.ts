import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type CronTimes, parseCron } from '../../../../constructs/units/schedule/cron';
import { posixZone } from '../../../../constructs/units/schedule/time-zone';
import { posixShells } from '../../../support/programs/posix-shells';

const SCRIPT = join(__dirname, '../../../../constructs/assets/job.sh');

/** The times that the script finds, in seconds since 1970. */
function found(shell: readonly string[], cron: string, zone: string, from: number, count: number): number[] {
  const [program = '', ...args] = shell;
  const times = parseCron(cron);
  const settings = Object.entries(times).map(([field, value]) => `${field.toUpperCase()}=${value}`);
  const said = execFileSync(
    program,
    [...args, SCRIPT, `NEXT=${count}`, `FROM=${from}`, `ZONE=${posixZone(zone)}`, ...settings],
    { encoding: 'utf8', env: { PATH: process.env.PATH } },
  );
  return said.trim().split('\n').filter(Boolean).map(Number);
}

const has = (list: string, value: number): boolean => list === '*' || list.split(',').includes(String(value));

function matches({ minutes, hours, days, months, weekdays }: CronTimes, local: Date): boolean {
  const [day, weekday] = [has(days, local.getUTCDate()), has(weekdays, local.getUTCDay())];
  const both = days !== '*' && weekdays !== '*';
  return (
    has(minutes, local.getUTCMinutes()) &&
    has(hours, local.getUTCHours()) &&
    has(months, local.getUTCMonth() + 1) &&
    (both ? day || weekday : day && weekday)
  );
}

/** The same, minute by minute, with what Node.js knows of the zone: no other way than the definition. */
function expected(cron: string, zone: string, from: number, days: number): number[] {
  const times = parseCron(cron);
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  const local = (at: number) => Date.parse(`${format.format(at * 1000).replace(' ', 'T')}Z`) / 1000;
  const result: number[] = [];
  const shown = new Set<number>();
  let last = local(from);
  for (let at = from + 60; at < from + days * 86_400; at += 60) {
    const now = local(at);
    const elapsed = times.hours === '*';
    // What the clocks jumped over, and now.
    const labels = elapsed
      ? [now]
      : Array.from({ length: Math.max(1, (now - last) / 60) }, (_, back) => now - back * 60);
    const isNew = elapsed || !shown.has(now);
    if (isNew && labels.some((label) => matches(times, new Date(label * 1000)))) result.push(at);
    shown.add(now);
    last = now;
  }
  return result;
}

const at = (text: string): number => Date.parse(text) / 1000;

describe.each(posixShells().found)('$name', ({ argv: shell }) => {
  test.each<[string, string, string, number]>([
    ['each day, over the jump ahead', '30 2 * * *', '2026-03-26T00:00Z', 8],
    ['each day, over the jump back', '30 2 * * *', '2026-10-22T00:00Z', 8],
    ['at the end of the gap itself', '0 3 * * *', '2026-03-27T00:00Z', 4],
    ['many times that are all in the gap', '*/10 2 * * *', '2026-03-28T00:00Z', 3],
    ['an hour that comes twice', '*/20 2 * * *', '2026-10-24T00:00Z', 3],
    ['every half hour, over the jump ahead', '*/30 * * * *', '2026-03-28T20:00Z', 1],
    ['every half hour, over the jump back', '*/30 * * * *', '2026-10-24T20:00Z', 1],
    ['every other hour, over the jump back', '0 */2 * * *', '2026-10-24T00:00Z', 3],
    ['midnight', '0 0 * * *', '2026-10-23T00:00Z', 5],
    ['a day or a weekday', '0 6 13 * fri', '2026-11-01T00:00Z', 30],
    ['the first minute of a month', '0 0 1 * *', '2026-11-27T00:00Z', 70],
  ])('%s in Berlin', (_what, cron, from, days) => {
    const times = expected(cron, 'Europe/Berlin', at(from), days);
    expect(times.length).toBeGreaterThan(0);
    expect(found(shell, cron, 'Europe/Berlin', at(from), times.length)).toEqual(times);
  });

  test.each<[string, string, string, number]>([
    // Half an hour.
    ['Australia/Lord_Howe', '15 2 * * *', '2027-10-01T00:00Z', 4],
    ['Australia/Lord_Howe', '45 1 * * *', '2027-04-01T00:00Z', 5],
    // Two hours.
    ['Antarctica/Troll', '30 1 * * *', '2027-03-26T00:00Z', 4],
    ['Antarctica/Troll', '30 2 * * *', '2027-10-29T00:00Z', 4],
    // At midnight: the day itself begins late.
    ['America/Santiago', '30 0 * * *', '2027-09-03T00:00Z', 4],
    ['America/New_York', '30 1 * * *', '2027-11-05T00:00Z', 4],
    ['Asia/Kolkata', '15 5 * * *', '2027-01-01T00:00Z', 2],
    ['UTC', '0 12 * * *', '2027-01-01T00:00Z', 2],
  ])('%s, %s', (zone, cron, from, days) => {
    const times = expected(cron, zone, at(from), days);
    expect(found(shell, cron, zone, at(from), times.length)).toEqual(times);
  });

  test('a time that comes once in years is found', () => {
    expect(found(shell, '0 0 29 2 *', 'UTC', at('2026-11-27T00:00Z'), 1)).toEqual([at('2028-02-29T00:00Z')]);
  });
});
