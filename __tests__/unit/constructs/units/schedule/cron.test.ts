import { parseCron } from '../../../../../constructs/units/schedule/cron';

const fieldsOf = (text: string) => Object.values(parseCron(text)).join(' ');

test.each([
  ['30 3 * * *', '30 3 * * *'],
  ['*/15 * * * *', '0,15,30,45 * * * *'],
  ['0 9-17/4 1,15 JAN-mar *', '0 9,13,17 1,15 1,2,3 *'],
  ['0 0 * * mon-fri', '0 0 * * 1,2,3,4,5'],
  ['0 0 * * 5-7', '0 0 * * 0,5,6'],
  ['5/20 0 * * 7', '5,25,45 0 * * 0'],
  ['*/1 0-23 1-31 1-12 0-6', '* * * * *'],
  ['0 0 29 2 *', '0 0 29 2 *'],
])('%s is %s', (text, fields) => {
  expect(fieldsOf(text)).toBe(fields);
});

test.each([
  ['30 3 * *', /has 4 fields/],
  ['60 3 * * *', /"60" is no minute\n {2}write \* or numbers from 0 to 59/],
  ['0 24 * * *', /no hour/],
  ['0 0 0 * *', /no day/],
  ['0 0 1 foo *', /no month/],
  ['0 0 * * 8', /no weekday/],
  ['5-1 0 * * *', /no minute/],
  ['1-2-3 0 * * *', /no minute/],
  ['*/0 0 * * *', /no minute/],
  [', 0 * * *', /no minute/],
  ['@daily', /has 1 fields/],
  ['0 0 31 4,6 *', /never comes/],
  ['0 0 30 2 *', /never comes/],
])('%s is refused', (text, why) => {
  expect(() => parseCron(text)).toThrow(why);
});
