/** Whether a number is in a field of cron: 5, 1-5, 1,3, *, each with /step. */
function isIn(number: number, field: string, first: number): boolean {
  return field.split(',').some((part) => {
    const [range = '', step = '1'] = part.split('/');
    const [from, to] = boundsOf(range, first, part.includes('/'));
    return number >= from && number <= to && (number - from) % Number(step) === 0;
  });
}

function boundsOf(range: string, first: number, stepped: boolean): readonly [from: number, to: number] {
  if (range === '*') return [first, 99];
  const [from = '', to = stepped ? '99' : from] = range.split('-');
  return [Number(from), Number(to)];
}

/** As `schedule.sh` does. */
function isDue(schedule: string, at: Date): boolean {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = schedule.split(' ');
  if (!isIn(at.getUTCMinutes(), minute, 0) || !isIn(at.getUTCHours(), hour, 0)) return false;
  if (!isIn(at.getUTCMonth() + 1, month, 1)) return false;
  const number = at.getUTCDay();
  const onWeekday = isIn(number, weekday, 0) || (number === 0 && weekday !== '*' && isIn(7, weekday, 0));
  const onDay = isIn(at.getUTCDate(), day, 1);
  return day !== '*' && weekday !== '*' ? onDay || onWeekday : onDay && onWeekday;
}

const MINUTE = 60_000;
const YEAR = 366 * 24 * 60;

/** The last minute at which a schedule was due, in milliseconds; undefined where it was not for a year. */
export function lastDue(schedule: string, before: number): number | undefined {
  const last = Math.floor(before / MINUTE);
  for (let minute = last; minute > last - YEAR; minute -= 1) {
    if (isDue(schedule, new Date(minute * MINUTE))) return minute * MINUTE;
  }
  return undefined;
}
