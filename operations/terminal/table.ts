import { textWidth } from './width';
import { wrap } from './wrap';

export interface Layout {
  /** Not wider than that. @default as wide as its cells */
  readonly columns?: number | undefined;
  /** Columns of free text, which may go on below in their column. All others (names, verdicts, numbers) stay in one piece. */
  readonly flexible?: readonly number[];
  /** The first row says what the columns are. @default true */
  readonly head?: boolean;
}

type Rows = readonly (readonly string[])[];

const GAP = 2;
/** Narrower than that a column of text is not to be read. */
const LEAST = 16;

/**
 * Cells below each other, columns two spaces apart; the first row says how many there are. Colours take no room. Where that
 * is wider than the layout allows, free text is wrapped in its column, and where this is not enough, each row becomes a
 * paragraph.
 */
export function table(rows: Rows, { columns = Infinity, flexible = [], head = true }: Layout = {}): string[] {
  const natural = (rows[0] ?? []).map((_, column) => widest(rows, column, textWidth));
  if (across(natural) <= columns) return rows.map((cells) => inLine(cells, natural));
  const widths = narrowed(rows, natural, { columns, flexible, head });
  return widths
    ? rows.flatMap((cells) => inLines(cells, widths))
    : paragraphs(rows, { columns, flexible, head });
}

/** As wide as that, where it is not wider. */
export const pad = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - textWidth(text)));

const widest = (rows: Rows, column: number, measure: (cell: string) => number): number =>
  Math.max(0, ...rows.map((cells) => measure(cells[column] ?? '')));

const longestWord = (cell: string): number => Math.max(...cell.split(' ').map(textWidth));

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

const across = (widths: readonly number[]): number => sum(widths) + GAP * (widths.length - 1);

const inLine = (cells: readonly string[], widths: readonly number[]): string =>
  cells
    .map((cell, column) => pad(cell, widths[column] ?? 0))
    .join(' '.repeat(GAP))
    .trimEnd();

function inLines(cells: readonly string[], widths: readonly number[]): string[] {
  const wrapped = cells.map((cell, column) => wrap(cell, widths[column] ?? 1));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, at) =>
    inLine(
      wrapped.map((lines) => lines[at] ?? ''),
      widths,
    ),
  );
}

/** The widest columns of text give way first. @returns undefined where one would be too narrow */
function narrowed(
  rows: Rows,
  natural: readonly number[],
  { columns, flexible, head }: Required<Layout> & { columns: number },
): number[] | undefined {
  const [first = [], ...rest] = rows;
  const stiff = (column: number) =>
    head
      ? Math.max(longestWord(first[column] ?? ''), widest(rest, column, textWidth))
      : (natural[column] ?? 0);
  const widths = natural.map((_, column) => (flexible.includes(column) ? 0 : stiff(column)));
  let left = columns - across(widths);
  const narrowFirst = [...flexible].sort((a, b) => (natural[a] ?? 0) - (natural[b] ?? 0));
  for (const [at, column] of narrowFirst.entries()) {
    const wanted = natural[column] ?? 0;
    const width = Math.min(wanted, Math.floor(left / (narrowFirst.length - at)));
    if (width < Math.min(wanted, LEAST)) return undefined;
    widths[column] = width;
    left -= width;
  }
  return left < 0 ? undefined : widths;
}

/** The first cell, and below it what each of the others says. */
function paragraphs(
  rows: Rows,
  { columns, flexible, head }: Required<Layout> & { columns: number },
): string[] {
  const [labels = [], ...body] = head ? rows : [[], ...rows];
  const label = (column: number) => labels[column] ?? '';
  const width = Math.max(0, ...labels.slice(1).map(textWidth));
  const indent = ' '.repeat(GAP);
  const room = Math.max(LEAST / 2, columns - (head ? GAP + width + GAP : GAP));
  return body.flatMap(([name = '', ...cells]) => [
    name,
    ...cells.flatMap((cell, at) => {
      if (cell === '') return [];
      const lines = flexible.includes(at + 1) ? wrap(cell, room) : [cell];
      return lines.map((line, below) =>
        head ? `${indent}${inLine([below === 0 ? label(at + 1) : '', line], [width])}` : `${indent}${line}`,
      );
    }),
  ]);
}
