import { Board } from '../../../../operations/terminal/board';
import { LiveBlock } from '../../../../operations/terminal/live-block';
import { Screen } from '../../../../operations/terminal/screen';
import { consoleOn } from '../../../support/console';
import { Emulator } from '../../../support/emulator';

const SIZES = [
  [80, 24],
  [40, 10],
  [200, 50],
] as const;
const CASES = SIZES.flatMap(([columns, rows]) =>
  [1, 10, 200].map((count) => [columns, rows, count] as const),
);

const key = (at: number) => `service-number-${at + 1}`;
const live = (at: number, count: number, words: string) => ({
  kind: 'live' as const,
  key: key(at),
  text: `[${at + 1}/${count}] shop_${key(at)} ${words}`,
});
const over = (at: number, count: number) => ({
  kind: 'lasting' as const,
  key: key(at),
  text: `[${at + 1}/${count}] shop_${key(at)} converged in 7.0 s: app:v1 → app:v2, 2 tasks replaced`,
});
const all = (count: number) => Array.from({ length: count }, (_, at) => at);

test.each(CASES)(
  'a board of %i columns, %i rows and %i services leaves each verdict once',
  async (columns, rows, count) => {
    const terminal = new Emulator(columns, rows);
    const board = new Board(terminal);
    terminal.write('apply\n');
    for (const at of all(count))
      board.show({ kind: 'live', key: key(at), text: `      ${key(at)} updating` });
    for (const at of all(count)) board.show(live(at, count, '0/2 healthy, updating (1.0 s)'));
    for (const at of all(count))
      board.show(live(at, count, `1/2 → 2/2 healthy, ${'pending '.repeat(20)} (3.0 s)`));
    expect((await terminal.visible()).length).toBeLessThan(rows);
    for (const at of all(count)) board.show(over(at, count));
    board.end();
    expect(await terminal.lines()).toEqual(['apply', ...all(count).map((at) => over(at, count).text)]);
  },
);

test('what moves or fails comes first, and the rest is counted', async () => {
  const terminal = new Emulator(80, 10);
  const board = new Board(terminal);
  for (const at of all(200)) {
    const standing = at === 150 ? 'trouble' : at === 190 ? 'moves' : 'well';
    board.show({
      ...live(at, 200, standing === 'well' ? '2/2 healthy' : `1/2 healthy ${standing}`),
      standing,
    });
  }
  const visible = await terminal.visible();
  expect(visible).toHaveLength(9);
  expect(visible.slice(0, 3)).toEqual([
    '[151/200] shop_service-number-151 1/2 healthy trouble',
    '[191/200] shop_service-number-191 1/2 healthy moves',
    '[1/200] shop_service-number-1 2/2 healthy',
  ]);
  expect(visible.at(-1)).toBe('… and 192 more, all well');
  for (const at of all(12)) board.show({ ...live(at, 200, '0/2 healthy'), standing: 'trouble' });
  expect((await terminal.visible()).at(-1)).toBe('… and 192 more, 186 of them well');
  for (const at of all(200)) board.show({ ...live(at, 200, '0/2 healthy'), standing: 'moves' });
  expect((await terminal.visible()).at(-1)).toBe('… and 192 more');
});

test('a name is never cut, whatever is narrower', async () => {
  const terminal = new Emulator(40, 10);
  const board = new Board(terminal);
  const name = `shop_${'abcdefghi-'.repeat(6)}`;
  board.show({ kind: 'live', key: 'a', text: `[1/2] ${name} 0/2 healthy, updating (1.0 s)` });
  board.show({ kind: 'live', key: 'b', text: '[2/2] shop_b 0/2 healthy, updating and so on (1.0 s)' });
  board.show({ kind: 'live', key: 'a', text: `[1/2] ${name} 1/2 healthy, updating (2.0 s)` });
  const rows = await terminal.visible();
  expect(rows.join('')).toContain(`${name} 1/2 healthy`);
  expect(rows.at(-1)).toBe('[2/2] shop_b 0/2 healthy, updating and…');
  expect(rows).toHaveLength(4);
});

test.each([
  [80, 24, 40, 24, 9],
  [40, 10, 80, 24, 9],
  [200, 50, 80, 30, 9],
])(
  'a window that is pulled from %i × %i to %i × %i repeats nothing',
  async (columns, rows, later, lower, count) => {
    const terminal = new Emulator(columns, rows);
    const board = new Board(terminal);
    terminal.write('apply\n');
    for (const at of all(count)) board.show(live(at, count, `0/2 healthy, ${'pending '.repeat(30)}(1.0 s)`));
    board.show(over(0, count));
    await terminal.resize(later, lower);
    board.show(over(1, count));
    const seen = await terminal.lines();
    for (const at of all(count)) {
      expect(seen.filter((line) => line.startsWith(`[${at + 1}/`))).toHaveLength(1);
    }
    // And has what there is room for now.
    expect(seen.at(-1)).toHaveLength(later - 1);
    for (const at of all(count).slice(2)) board.show(over(at, count));
    board.end();
    expect(await terminal.lines()).toEqual(['apply', ...all(count).map((at) => over(at, count).text)]);
  },
);

test('a window that becomes lower than the block loses no verdict', async () => {
  const terminal = new Emulator(80, 24);
  const board = new Board(terminal);
  for (const at of all(200)) board.show(live(at, 200, '0/2 healthy, updating (1.0 s)'));
  await terminal.resize(40, 10);
  for (const at of all(200)) board.show(over(at, 200));
  board.end();
  const lines = await terminal.lines();
  for (const at of all(200)) expect(lines.filter((line) => line === over(at, 200).text)).toHaveLength(1);
});

test('what is said meanwhile goes above, and Ctrl-C moves nothing', async () => {
  const terminal = new Emulator(80, 24);
  const console = consoleOn(terminal);
  const board = console.board();
  board.show(live(0, 2, '0/2 healthy'));
  board.show(live(1, 2, '0/2 healthy'));
  terminal.write('^C');
  console.say('\nstopping');
  board.show(live(0, 2, '1/2 healthy'));
  expect(await terminal.lines()).toEqual([
    '',
    'stopping',
    '[1/2] shop_service-number-1 1/2 healthy',
    '[2/2] shop_service-number-2 0/2 healthy',
  ]);
  console.endBoard();
  console.say('verdict');
  expect(await terminal.lines()).toEqual(['', 'stopping', 'verdict']);
});

test('a line that just fills its row keeps its last letter, and one whose width nobody agrees on stays in its row', async () => {
  const terminal = new Emulator(20, 10);
  const block = new LiveBlock(terminal);
  block.draw(['one', 'two']);
  block.draw(['one', 'two'], [`${'x'.repeat(19)}y`, 'next']);
  // Other terminals than this one take the last letter away for an "end of line" behind it.
  expect(terminal.written).not.toContain('y\u001b[K');
  // A family is two cells, but three on this terminal, as on many.
  block.draw(['\u{1F469}\u200D\u{1F469}\u200D\u{1F467}'.repeat(8), 'two']);
  block.draw(['ONE', 'TWO']);
  expect(await terminal.lines()).toEqual([`${'x'.repeat(19)}y`, 'next', 'ONE', 'TWO']);
});

test.each([
  ['not a terminal', { isTTY: false }, {}],
  ['dumb', { isTTY: true }, { TERM: 'dumb' }],
])('where there is %s, nothing is cut, and nothing but text is written', (_, kind, shell) => {
  let text = '';
  const console = consoleOn({ ...kind, columns: 40, rows: 10, write: (more) => (text += more) }, shell);
  const board = console.board();
  board.show(live(0, 1, `0/2 healthy, ${'x'.repeat(592)}`));
  console.say('said');
  board.show(over(0, 1));
  console.endBoard();
  expect(text).toBe(`${live(0, 1, `0/2 healthy, ${'x'.repeat(592)}`).text}\nsaid\n${over(0, 1).text}\n`);
});

test('a screen wraps what is longer than it is wide', async () => {
  const terminal = new Emulator(20, 6);
  const screen = new Screen(terminal);
  screen.show('first\nsomething that is longer than that');
  screen.show('a message of its own, with what to do');
  expect(await terminal.lines()).toEqual(['a message of its', 'own, with what to', 'do']);
  expect(screen.room).toEqual({ columns: 19, rows: 5 });
});
