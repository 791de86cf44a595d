import { LiveLine, standingOf } from '../../../../operations/rollout/live';
import { FakeTerminal } from '../../../support/terminal';

function pipe() {
  const written: string[] = [];
  return { isTTY: false, written, write: (text: string) => written.push(text) };
}
const progress = (running: number, waitsFor = '') => ({ running, wanted: 2, waitsFor });

test('without a terminal, writes one line for each change', () => {
  const out = pipe();
  const live = new LiveLine('[4/9] reservationservice', out);
  live.show(progress(1), 2);
  live.show(progress(1), 3);
  live.show(progress(2), 7.44);
  expect(out.written).toEqual([
    '[4/9] reservationservice 1/2 healthy (2.0 s)\n',
    '[4/9] reservationservice 1/2 → 2/2 healthy (7.4 s)\n',
  ]);
});

test('without a terminal, shows life every half a minute', () => {
  const out = pipe();
  const live = new LiveLine('web', out);
  for (let s = 0; s <= 61; s += 1) live.show(progress(1, 'observing'), s);
  expect(out.written).toHaveLength(3);
});

test('on a terminal, redraws the line and wipes what was longer', () => {
  const terminal = new FakeTerminal();
  const live = new LiveLine('web', terminal);
  live.show(progress(1, 'observing'), 1);
  expect(terminal.shown).toEqual(['web 1/2 healthy, observing (1.0 s)']);
  live.show(progress(1), 2);
  expect(terminal.shown).toEqual(['web 1/2 healthy (2.0 s)']);
  live.end();
  expect(terminal.shown).toEqual([]);
});

test('on a narrow terminal the line is cut behind the tasks, whatever the name', () => {
  const terminal = new FakeTerminal(30, 10);
  const live = new LiveLine('[4/9] shop_reservation-service', terminal);
  live.show(progress(1, 'observing'), 1);
  live.show(progress(2, 'observing'), 2);
  expect(terminal.shown).toEqual(['[4/9] shop_reservation-servic', 'e 1/2 → 2/2 healthy, observi…']);
});

test.each([
  ['1/2 → 2/2 healthy, observing (7.4 s)', 'well'],
  ['2/2 healthy (7.4 s)', 'well'],
  ['12/12 healthy, stopping old tasks (7.4 s)', 'well'],
  ['2/2 healthy, updating (7.4 s)', 'moves'],
  ['2/12 healthy, observing (7.4 s)', 'moves'],
  ['0/2 healthy, pulling (7.4 s)', 'moves'],
  ['1/2 healthy, a task crashed (7.4 s)', 'trouble'],
  ['0/2 healthy, pending: no suitable node (7.4 s)', 'trouble'],
  ['2/2 healthy, rolling back (7.4 s)', 'trouble'],
] as const)('where %s stands: %s', (words, standing) => {
  expect(standingOf(`[4/9] shop_web ${words}`)).toBe(standing);
});
