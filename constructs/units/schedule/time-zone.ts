/** Of which the rules are read: far enough for what is decided already, and the same whenever a catalogue is synthesized. */
const YEARS = [2027, 2028, 2029, 2030, 2031, 2032, 2033, 2034, 2035, 2036];
const MINUTE = 60_000;
const DAY = 86_400_000;

/**
 * A zone of the tz database as a POSIX time zone, `<+01>-1<+02>,M3.5.0,M10.5.0/3`: what needs no data of zones to tell the
 * local time, for example in an image that has none.
 *
 * @param name `Europe/Berlin`, `UTC`
 * @throws where there is no such zone, or its clocks are set by no rule
 */
export function posixZone(name: string): string {
  const offsetAt = offsetsOf(name);
  const changes = YEARS.map((year) => changesIn(year, offsetAt));
  if (changes.every((of) => of.length === 0)) return standard(offsetAt(Date.UTC(YEARS[0]!, 0)));
  const [forward, back] = [1, -1].map((sign) =>
    changes.map((of) => of.filter(({ before, after }) => Math.sign(after - before) === sign)),
  );
  const [start, end] = [forward!, back!].map((of) =>
    of.every((inYear) => inYear.length === 1) ? ruleOf(of.flat()) : undefined,
  );
  const { before: winter, after: summer } = forward!.flat()[0] ?? { before: 0, after: 0 };
  if (start === undefined || end === undefined) {
    throw new Error(
      `the time zone ${name} has no lasting rule: its clocks are set by decree\n  use a fixed one, such as UTC or Etc/GMT-1`,
    );
  }
  const ahead = summer - winter === 60 * MINUTE ? '' : posixOffset(summer);
  return `${standard(winter)}${named(summer)}${ahead},${start},${end}`;
}

/** The zone's offset from UTC in milliseconds at an instant. */
function offsetsOf(timeZone: string): (instant: number) => number {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  } catch {
    throw new Error(
      `there is no time zone ${JSON.stringify(timeZone)}\n  write it as the tz database does: Europe/Berlin, or UTC`,
    );
  }
  return (instant) => {
    const parts = Object.fromEntries(
      format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - instant;
  };
}

interface Change {
  /** The first instant of the new offset. */
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

function changesIn(year: number, offsetAt: (instant: number) => number): Change[] {
  const found: Change[] = [];
  const end = Date.UTC(year + 1, 0);
  // No zone changes twice in a week.
  for (let from = Date.UTC(year, 0); from < end; from += 7 * DAY) {
    const to = Math.min(from + 7 * DAY, end);
    const [before, after] = [offsetAt(from), offsetAt(to)];
    if (before === after) continue;
    let [low, high] = [from, to];
    while (high - low > MINUTE) {
      const middle = Math.floor((low + high) / 2 / MINUTE) * MINUTE;
      if (offsetAt(middle) === before) low = middle;
      else high = middle;
    }
    found.push({ at: high, before, after });
  }
  return found;
}

/** `Mm.w.d/time`: a weekday of a month, the last one as the fifth; its hour may be one of the days beside it. */
function ruleOf(changes: readonly Change[]): string | undefined {
  for (const days of [0, 1, -1, 2, -2, 3, -3]) {
    const dates = changes.map(({ at, before }) => {
      const local = new Date(at + before);
      const midnight = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate());
      return { date: new Date(midnight - days * DAY), time: local.getTime() - midnight + days * DAY };
    });
    const [one] = dates;
    const same = (of: (entry: { date: Date; time: number }) => number) =>
      dates.every((entry) => of(entry) === of(one!));
    const isRule =
      same(({ time }) => time) &&
      same(({ date }) => date.getUTCMonth()) &&
      same(({ date }) => date.getUTCDay());
    if (!isRule) continue;
    const isLast = dates.every(
      ({ date }) => new Date(date.getTime() + 7 * DAY).getUTCMonth() !== date.getUTCMonth(),
    );
    const week = ({ date }: { date: Date }) => Math.ceil(date.getUTCDate() / 7);
    if (!isLast && !(same(week) && week(one!) < 5)) continue;
    const { date, time } = one!;
    return `M${date.getUTCMonth() + 1}.${isLast ? 5 : week(one!)}.${date.getUTCDay()}${time === 2 * 60 * MINUTE ? '' : `/${clock(time)}`}`;
  }
  return undefined;
}

const standard = (offset: number): string =>
  offset === 0 ? 'UTC0' : `${named(offset)}${posixOffset(offset)}`;

/** Nobody reads it. */
const named = (offset: number): string => {
  const minutes = Math.abs(offset) / MINUTE;
  const two = (number: number) => String(number).padStart(2, '0');
  return `<${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${minutes % 60 ? two(minutes % 60) : ''}>`;
};

/** POSIX counts westwards. */
const posixOffset = (offset: number): string => clock(-offset);

const clock = (milliseconds: number): string => {
  const minutes = Math.abs(milliseconds) / MINUTE;
  const rest = minutes % 60;
  return `${milliseconds < 0 ? '-' : ''}${Math.floor(minutes / 60)}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`;
};
