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
