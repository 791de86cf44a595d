import { COLOURS } from '../../../../operations/terminal/paint';
import { table } from '../../../../operations/terminal/table';

test('columns are as wide as their widest cell, two spaces apart, and no line ends in spaces', () => {
  expect(
    table([
      ['service', 'tasks', 'note'],
      ['a', '2/2', ''],
      ['a-long-name', '10/10', 'late'],
    ]),
  ).toEqual(['service      tasks  note', 'a            2/2', 'a-long-name  10/10  late']);
});

test('colours take no room', () => {
  const [first, second] = table([
    [COLOURS.bad('ab'), 'c'],
    ['abcd', 'c'],
  ]);
  expect([first, second]).toEqual([`${COLOURS.bad('ab')}    c`, 'abcd  c']);
});

test('a shorter row, such as a sum, leaves its last columns out', () => {
  expect(
    table([
      ['a', 'b', 'c'],
      ['all of them', '3'],
    ]),
  ).toEqual(['a            b  c', 'all of them  3']);
});

const ROWS = [
  ['service', 'change', 'outcome'],
  ['web', `update: args ${'abcdefgh '.repeat(6)}`.trim(), 'converged'],
  ['a-longer-name', 'none', 'ROLLED BACK, PUT BACK'],
];

test('text that is too long goes on below, in its column', () => {
  expect(table(ROWS, { columns: 60, flexible: [1] })).toEqual([
    'service        change                  outcome',
    'web            update: args abcdefgh   converged',
    '               abcdefgh abcdefgh',
    '               abcdefgh abcdefgh',
    '               abcdefgh',
    'a-longer-name  none                    ROLLED BACK, PUT BACK',
  ]);
});

test('where even that has no room, each row is a paragraph', () => {
  expect(table(ROWS, { columns: 34, flexible: [1] })).toEqual([
    'web',
    '  change   update: args abcdefgh',
    '           abcdefgh abcdefgh',
    '           abcdefgh abcdefgh',
    '           abcdefgh',
    '  outcome  converged',
    'a-longer-name',
    '  change   none',
    '  outcome  ROLLED BACK, PUT BACK',
  ]);
  expect(table([['load', 'one two three four five']], { columns: 16, flexible: [1], head: false })).toEqual([
    'load',
    '  one two three',
    '  four five',
  ]);
});

test('headings are broken before text is', () => {
  const rows = [
    ['NAME', 'FAILED IN 1 H'],
    ['web', '0'],
  ];
  expect(table(rows, { columns: 14 })).toEqual(['NAME  FAILED', '      IN 1 H', 'web   0']);
});

test('a colour goes on in the next line, and ends in each', () => {
  const [, first, second] = table(
    [
      ['N', 'T'],
      ['a', COLOURS.bad('one two three four five')],
    ],
    {
      columns: 19,
      flexible: [1],
    },
  );
  const [red, end] = COLOURS.bad('|').split('|');
  expect(first).toMatch(new RegExp(`^a  ${sequence(red)}one two three`));
  expect(second).toMatch(new RegExp(`^   ${sequence(red)}four five${sequence(end)}`));
});

const sequence = (text = ''): string => text.replace('[', '\\[');

test('wide characters keep the columns straight', () => {
  expect(
    table([
      ['日本', 'x'],
      ['abc', 'y'],
    ]),
  ).toEqual(['日本  x', 'abc   y']);
});
