import { type CronTimes, cronTimes } from '../../constructs/units/schedule/cron';

const isIn = (number: number, field: string): boolean =>
  field === '*' || field.split(',').includes(String(number));

/** As `schedule.sh` does: where both days are said, either will do. */
function isDue({ minutes, hours, days, months, weekdays }: CronTimes, at: Date): boolean {
  if (!isIn(at.getUTCMinutes(), minutes) || !isIn(at.getUTCHours(), hours)) return false;
  if (!isIn(at.getUTCMonth() + 1, months)) return false;
  const onWeekday = isIn(at.getUTCDay(), weekdays);
  const onDay = isIn(at.getUTCDate(), days);
  return days !== '*' && weekdays !== '*' ? onDay || onWeekday : onDay && onWeekday;
}

const MINUTE = 60_000;
const YEAR = 366 * 24 * 60;

/** The last minute at which a schedule was due, in milliseconds; undefined where it was not for a year. */
export function lastDue(schedule: string, before: number): number | undefined {
  const times = cronTimes(schedule);
  const last = Math.floor(before / MINUTE);
  for (let minute = last; minute > last - YEAR; minute -= 1) {
    if (isDue(times, new Date(minute * MINUTE))) return minute * MINUTE;
  }
  return undefined;
}
