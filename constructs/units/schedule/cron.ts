/** The five fields, each `*` or numbers in order with commas between; Sunday is 0. */
export interface CronTimes {
  readonly minutes: string;
  readonly hours: string;
  readonly days: string;
  readonly months: string;
  readonly weekdays: string;
}

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** For the first number and those after it. */
  readonly words?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day', from: 1, to: 31 },
  {
    name: 'month',
    from: 1,
    to: 12,
    words: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { name: 'weekday', from: 0, to: 7, words: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];
const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads `minute hour day month weekday` as cron does: `*`, numbers, ranges, lists, steps, and the English names.
 *
 * @throws where it is none, or its time never comes
 */
export function parseCron(text: string): CronTimes {
  const times = cronTimes(text);
  const { days, months, weekdays } = times;
  if (weekdays === '*' && days !== '*') {
    const least = Number(days.split(',')[0]);
    const within =
      months === '*' || months.split(',').some((month) => least <= LONGEST_MONTHS[Number(month) - 1]!);
    if (!within)
      throw new Error(`the schedule ${JSON.stringify(text)} never comes\n  no such month has that day`);
  }
  return times;
}

/** The same, also where its time never comes. @throws where it is none */
export function cronTimes(text: string): CronTimes {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) {
    throw new Error(
      `the schedule ${JSON.stringify(text)} has ${parts.length} fields\n  write minute, hour, day, month and weekday: '30 3 * * *' is half past three each day`,
    );
  }
  const [minutes, hours, days, months, weekdays] = FIELDS.map((field, at) =>
    expand(parts[at]!, field, text),
  ) as [string, string, string, string, string];
  return { minutes, hours, days, months, weekdays };
}

function expand(part: string, field: Field, text: string): string {
  const { name, from, to, words } = field;
  const fail = () => {
    throw new Error(
      `the schedule ${JSON.stringify(text)}: ${JSON.stringify(part)} is no ${name}\n  write * or numbers from ${from} to ${to}: 5, 1-5, 1,15 or */10`,
    );
  };
  const number = (word: string): number => {
    const named = words?.indexOf(word.toLowerCase()) ?? -1;
    const value =
      named >= 0
        ? named + (field.name === 'month' ? 1 : 0)
        : /^\d{1,2}$/.test(word)
          ? Number(word)
          : Number.NaN;
    return value >= from && value <= to ? value : (fail() ?? 0);
  };
  const found = new Set<number>();
  for (const item of part.split(',')) {
    const [, range = '', step] = /^([^/]+)(?:\/([1-9]\d?))?$/.exec(item) ?? fail() ?? [];
    const [first, last, more] = range.split('-');
    const low = range === '*' ? from : number(first ?? '');
    // A number with a step goes on to the end, as in cron.
    const high = range === '*' ? to : last === undefined ? (step ? to : low) : number(last);
    if (more !== undefined || high < low) fail();
    for (let value = low; value <= high; value += Number(step ?? 1))
      found.add(name === 'weekday' ? value % 7 : value);
  }
  const all = name === 'weekday' ? 7 : to - from + 1;
  return found.size === all ? '*' : [...found].sort((a, b) => a - b).join(',');
}
