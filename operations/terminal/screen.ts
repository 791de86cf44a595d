import { crop } from './paint';

/** Where a watch is shown. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
}

/** Shows one block after the other: over the last one on a terminal, below it elsewhere. */
export class Screen {
  private shown = 0;

  constructor(private readonly terminal: Terminal) {}

  show(block: string): void {
    const { isTTY } = this.terminal;
    // A terminal of unknown size says 0.
    const columns = this.terminal.columns || 80;
    const rows = this.terminal.rows || 24;
    this.shown += 1;
    if (!isTTY) {
      this.terminal.write(`${this.shown > 1 ? '\n' : ''}${block}\n`);
      return;
    }
    // A wrapped or scrolled line would leave the old ones behind.
    const lines = block
      .split('\n')
      .slice(0, rows - 1)
      .map((line) => `${crop(line, columns)}\u001b[K\n`);
    const begin = this.shown === 1 ? '\u001b[2J\u001b[H' : '\u001b[H';
    this.terminal.write(`${begin}${lines.join('')}\u001b[J`);
  }
}
