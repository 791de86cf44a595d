import { plainLength } from './paint';

/** Cells below each other, columns two spaces apart; the first row says how many there are. Colours take no room. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => plainLength(cells[column] ?? ''))),
  );
  return rows.map((cells) =>
    cells
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** As wide as that, where it is not wider. */
export const pad = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - plainLength(text)));
