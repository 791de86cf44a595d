import type { Shell } from '../../contract/shell';

/** Where text for people goes: a stream of the process, or a test's own. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  /** A terminal of unknown size says 0. */
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
}

/** What lines have to fit. Undefined for a pipe or a file, where nothing is wrapped or cut, and for an unknown width. */
export const columnsOf = ({ isTTY, columns }: Omit<Terminal, 'write'>): number | undefined =>
  isTTY && columns ? columns : undefined;

/** The same for lines that are redrawn in place: a `dumb` terminal is written to like a file. */
export const drawnOn = (stream: Terminal, { TERM }: Shell): Terminal => ({
  get isTTY() {
    return Boolean(stream.isTTY) && TERM !== 'dumb';
  },
  // Asked each time: somebody may pull at the window.
  get columns() {
    return stream.columns;
  },
  get rows() {
    return stream.rows;
  },
  write: (text) => stream.write(text),
});
