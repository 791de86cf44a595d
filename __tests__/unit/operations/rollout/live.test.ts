import { LiveLine } from '../../../../operations/rollout/live';
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
