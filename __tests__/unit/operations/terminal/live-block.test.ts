import { LiveBlock } from '../../../../operations/terminal/live-block';
import { FakeTerminal } from '../../../support/terminal';

test('a block is redrawn where it is, below what was written before', () => {
  const terminal = new FakeTerminal();
  const block = new LiveBlock(terminal);
  terminal.write('before\n');
  block.draw(['one', 'a longer line', 'three']);
  block.draw(['ONE', 'short']);
  expect(terminal.shown).toEqual(['before', 'ONE', 'short']);
  block.draw(['live'], ['lasting']);
  expect(terminal.shown).toEqual(['before', 'lasting', 'live']);
  block.erase();
  terminal.write('after\n');
  expect(terminal.shown).toEqual(['before', 'lasting', 'after']);
});

test('what was never drawn is not erased', () => {
  const terminal = new FakeTerminal();
  terminal.write('before\n');
  new LiveBlock(terminal).erase();
  expect(terminal.shown).toEqual(['before']);
});

test('a block is cut to the terminal, whose colours still end', () => {
  const terminal = new FakeTerminal(5, 3);
  let written = '';
  const block = new LiveBlock({ columns: 5, rows: 3, write: (text) => (written += text) });
  block.draw(['\u001b[31mabcdef\u001b[0m', 'second', 'third']);
  expect(written).toBe('\u001b[?7l\u001b[31mabcd\u001b[0m\u001b[K\nseco\u001b[K\n\u001b[?7h\u001b[J');
  new LiveBlock(terminal).draw(['abcdef', 'second', 'third']);
  expect(terminal.shown).toEqual(['abcd', 'seco']);
});

test('a block that has the whole screen begins at its top, wherever somebody typed', () => {
  const terminal = new FakeTerminal();
  const block = new LiveBlock(terminal, true);
  terminal.write('before\n');
  block.draw(['one', 'two']);
  terminal.write('typed\n\n');
  block.draw(['three']);
  expect(terminal.shown).toEqual(['three']);
});
