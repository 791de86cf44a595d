import { execFileSync } from 'node:child_process';
import { posixZone } from '../../../../../constructs/units/schedule/time-zone';

test.each([
  ['UTC', 'UTC0'],
  ['Europe/Berlin', '<+01>-1<+02>,M3.5.0,M10.5.0/3'],
  ['America/New_York', '<-05>5<-04>,M3.2.0,M11.1.0'],
  ['Asia/Kolkata', '<+0530>-5:30'],
  ['Australia/Lord_Howe', '<+1030>-10:30<+11>-11,M10.1.0,M4.1.0'],
  ['Antarctica/Troll', 'UTC0<+02>-2,M3.5.0/1,M10.5.0/3'],
  ['Asia/Jerusalem', '<+02>-2<+03>,M3.4.4/26,M10.5.0'],
  ['America/Santiago', '<-04>4<-03>,M9.1.6/24,M4.1.6/24'],
])('%s is %s', (name, posix) => {
  expect(posixZone(name)).toBe(posix);
});

test('a zone that is none, and one whose clocks are set by decree, are refused', () => {
  expect(() => posixZone('Europe/Nowhere')).toThrow('there is no time zone "Europe/Nowhere"');
  expect(() => posixZone('Africa/Casablanca')).toThrow('Africa/Casablanca has no lasting rule');
});

// What Node.js knows of each zone, against what a C library makes of our words for it.
test('every zone but a few shows the same time as its rule does', () => {
  const halfWeeks = Array.from({ length: 200 }, (_, at) => Date.UTC(2027, 0, 3, 3, 30) / 1000 + at * 302_400);
  const refused: string[] = [];
  const byRule = new Map<string, string>();
  for (const name of Intl.supportedValuesOf('timeZone')) {
    try {
      byRule.set(posixZone(name), name);
    } catch {
      refused.push(name);
    }
  }
  const wrong = [...byRule].filter(([posix, name]) => {
    const said = execFileSync('date', ['-f', '-', '+%Y-%m-%d %H:%M'], {
      input: halfWeeks.map((at) => `@${at}`).join('\n'),
      env: { ...process.env, TZ: posix, LC_ALL: 'C' },
      encoding: 'utf8',
    });
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: name,
      dateStyle: 'short',
      timeStyle: 'short',
    });
    return said !== `${halfWeeks.map((at) => format.format(at * 1000)).join('\n')}\n`;
  });
  expect(wrong).toEqual([]);
  expect(byRule.size).toBeGreaterThan(40);
  expect(refused).toContain('Africa/Casablanca');
  expect(refused.length).toBeLessThan(6);
}, 120_000);
