import { UsageError } from '../../../../operations/terminal/usage-error';
import { readWish, type WrittenWish } from '../../../../proof/runner/wish';

const offer = {
  scenarios: [{ name: 'one' }, { name: 'two' }],
  onRequest: [{ name: 'long' }],
  rate: 0.3,
};
const nothing: WrittenWish = { only: undefined, rate: undefined, minutes: undefined, patient: false };

test('without options all scenarios run, but those on request', () => {
  expect(readWish(nothing, offer)).toEqual({
    chosen: ['one', 'two'],
    rate: 0.3,
    minutes: 60,
    patient: false,
  });
});

test('scenarios that are named run in their own order', () => {
  const written = { only: 'long,one', rate: '2', minutes: '5', patient: true };
  expect(readWish(written, offer)).toEqual({ chosen: ['one', 'long'], rate: 2, minutes: 5, patient: true });
});

test('an unknown scenario is wrong usage, and those that there are are told', () => {
  const read = () => readWish({ ...nothing, only: 'three' }, offer);
  expect(read).toThrow(UsageError);
  expect(read).toThrow('there is no scenario three\nscenarios: one, two\nonly with --only: long');
});

test.each([
  ['rate', '3'],
  ['rate', 'fast'],
  ['rate', '0'],
  ['minutes', '241'],
])('--%s %s is refused', (name, value) => {
  expect(() => readWish({ ...nothing, [name]: value }, offer)).toThrow(`--${name} ${value}`);
});
