import type { Paint } from '../terminal/paint';
import { table } from '../terminal/table';
import { oneLine } from '../terminal/untrusted';
import type { Judged, State } from './judge';

const WORDS: Readonly<Record<State, string>> = {
  ok: 'ok',
  not: 'NOT',
  accepted: 'accepted',
  unknown: 'cannot be asked',
};

/** The table, what to do for what is not as it should be, and the sum. */
export function render(rows: readonly Judged[], paint: Paint, columns: number | undefined): string {
  const colour: Readonly<Record<State, (text: string) => string>> = {
    ok: paint.good,
    not: paint.bad,
    accepted: paint.dim,
    unknown: paint.warn,
  };
  const body = rows.map(({ row, state, text }) => [row, colour[state](WORDS[state]), oneLine(text)]);
  const fixes = rows.flatMap(({ row, fix }) => (fix ? [[row, `→ ${fix}`]] : []));
  const count = (state: State) => rows.filter((one) => one.state === state).length;
  return [
    ...table([['recommendation', 'state', 'what was found'], ...body], { columns, flexible: [2] }),
    ...(fixes.length > 0 ? ['', ...table(fixes, { columns, flexible: [1], head: false })] : []),
    '',
    `${count('ok')} ok, ${count('not')} not, ${count('accepted')} accepted, ${count('unknown')} cannot be asked from here`,
    'whose recommendations these are, and those that a server cannot be asked for: docs/security.md',
  ].join('\n');
}
