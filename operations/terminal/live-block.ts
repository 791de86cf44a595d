import type { Terminal } from './terminal';
import { crop, fold } from './width';

const CLEAR_SCREEN = '\u001b[2J';
const HOME = '\u001b[H';
const END_OF_LINE = '\u001b[K';
const END_OF_SCREEN = '\u001b[J';
/** Terminals do not agree on how wide every character is: what is too long ends at the edge, and no row is counted wrong. */
const [NO_WRAP, WRAP] = ['\u001b[?7l', '\u001b[?7h'];

/** Lines that are redrawn in place on a terminal, within its size. */
export class LiveBlock {
  private drawn: readonly string[] = [];
  private drawnWidth = 0;

  constructor(
    private readonly terminal: Terminal,
    /** Has the whole screen for itself, whatever somebody types into it. @default it stands below what was written */
    private readonly wholeScreen = false,
  ) {}

  /** Cells of a line that are seen. */
  get width(): number {
    return Math.max(1, this.columns - 1);
  }

  /** Lines that are seen; the cursor is below them. */
  get height(): number {
    return Math.max(0, (this.terminal.rows || 24) - 1);
  }

  /** Takes the place of what was drawn; `above` stays there, as long as it is, and moves up with what was written. */
  draw(lines: readonly string[], above: readonly string[] = []): void {
    const lasting = above.map((line) => `${line}\n`).join('');
    if (lines.length === 0 && this.drawn.length === 0) {
      this.terminal.write(lasting);
      return;
    }
    // A wrapped or scrolled line would leave the old ones behind.
    const shown = lines.slice(0, this.height).map((line) => crop(line, this.width));
    const block = shown.map((line) => `${line}${END_OF_LINE}\n`).join('');
    this.terminal.write(
      [
        this.begin(),
        // First: after a line that just fills its row it would take the last letter away.
        ...(lasting ? [END_OF_SCREEN, lasting] : []),
        ...(block ? [NO_WRAP, block, WRAP] : []),
        END_OF_SCREEN,
      ].join(''),
    );
    this.drawn = shown;
    this.drawnWidth = this.width;
  }

  /** Leaves nothing of it. */
  erase(): void {
    if (this.drawn.length > 0) this.draw([]);
  }

  private get columns(): number {
    return this.terminal.columns || 80;
  }

  private begin(): string {
    if (this.wholeScreen) return this.drawn.length > 0 ? HOME : `${CLEAR_SCREEN}${HOME}`;
    // A terminal that was made narrower since has broken the lines itself.
    const rows =
      this.columns > this.drawnWidth
        ? this.drawn.length
        : this.drawn.reduce((sum, line) => sum + fold(line, this.columns).length, 0);
    // Ctrl-C is shown as two letters, and the cursor stands behind them.
    return rows > 0 ? `\r\u001b[${rows}A` : '';
  }
}
