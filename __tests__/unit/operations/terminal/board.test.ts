import { Board } from '../../../../operations/terminal/board';
import { FakeTerminal } from '../../../support/terminal';

test('without a terminal every line is written once, in order', () => {
  let text = '';
  const board = new Board({ isTTY: false, columns: 40, write: (more) => (text += more) });
  board.show({ kind: 'live', key: 'web', text: '      web updating' });
  board.show({ kind: 'live', key: 'web', text: '[1/2] shop_web 0/2 healthy (1 s)' });
  board.show({ kind: 'live', key: 'api', text: '[2/2] shop_api 0/1 healthy (1 s)' });
  board.show({ kind: 'lasting', key: 'web', text: '[1/2] shop_web converged' });
  board.show({ kind: 'lasting', key: 'web', text: '  runs now: 2 × app:v2' });
  board.show({ kind: 'end', key: 'web' });
  expect(text).toBe(
    '[1/2] shop_web 0/2 healthy (1 s)\n[2/2] shop_api 0/1 healthy (1 s)\n[1/2] shop_web converged\n  runs now: 2 × app:v2\n',
  );
});

test('on a terminal each service has one line, cut to the width, and lasting ones go above', () => {
  const terminal = new FakeTerminal(40);
  const board = new Board(terminal);
  terminal.write('apply\n');
  board.show({ kind: 'live', key: 'web', text: `[1/2] shop_web 0/2 healthy ${'x'.repeat(60)}` });
  board.show({ kind: 'live', key: 'api', text: '[2/2] shop_api 0/1 healthy (1 s)' });
  expect(terminal.shown).toEqual([
    'apply',
    '[1/2] shop_web 0/2 healthy xxxxxxxxxxx…',
    '[2/2] shop_api 0/1 healthy (1 s)',
  ]);
  board.show({ kind: 'lasting', key: 'web', text: '[1/2] shop_web converged' });
  expect(terminal.shown).toEqual(['apply', '[1/2] shop_web converged', '[2/2] shop_api 0/1 healthy (1 s)']);
  board.end();
  expect(terminal.shown).toEqual(['apply', '[1/2] shop_web converged']);
});
