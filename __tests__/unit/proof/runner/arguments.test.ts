import { UsageError } from '../../../../operations/terminal/command-line';
import { readWish } from '../../../../proof/runner/arguments';

const offer = {
  command: 'bench:x',
  scenarios: [{ name: 'one' }, { name: 'two' }],
  onRequest: [{ name: 'long' }],
  rate: 0.3,
};

test('without arguments all scenarios run, but those on request', () => {
  expect(readWish([], offer)).toEqual({ chosen: ['one', 'two'], rate: 0.3, minutes: 60, patient: false });
});

test('scenarios that are named run in their own order', () => {
  const args = ['--only', 'long,one', '--rate', '2', '--minutes=5', '--patient'];
  expect(readWish(args, offer)).toEqual({ chosen: ['one', 'long'], rate: 2, minutes: 5, patient: true });
});

test.each([
  ['an unknown option', ['--often'], "Unknown option '--often'"],
  ['an option without a value', ['--only'], "'--only <value>' argument missing"],
  ['an unknown scenario', ['--only', 'three'], 'there is no scenario three'],
])('%s is a wrong call, and the usage is told', (_, args, words) => {
  const read = () => readWish(args, offer);
  expect(read).toThrow(UsageError);
  expect(read).toThrow(words);
  expect(read).toThrow('scenarios: one, two\nonly with --only: long');
});

test.each([
  ['--rate', '3'],
  ['--rate', 'fast'],
  ['--rate', '0'],
  ['--minutes', '241'],
])('%s %s is refused', (name, value) => {
  expect(() => readWish([name, value], offer)).toThrow(`${name} ${value}`);
});
