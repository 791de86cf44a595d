import { plainLength } from './paint';

/** Cells below each other, columns two spaces apart; the first row says how many there are. Colours take no room. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => plainLength(cells[column] ?? ''))),
  );
  return rows.map((cells) =>
    cells
      .map((cell, column) =>
        column === cells.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - plainLength(cell)),
      )
      .join('  '),
  );
}
