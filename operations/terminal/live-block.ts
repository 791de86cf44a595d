import { crop } from './paint';
import type { Terminal } from './terminal';

const CLEAR_SCREEN = '\u001b[2J';
const HOME = '\u001b[H';
const END_OF_LINE = '\u001b[K';
const END_OF_SCREEN = '\u001b[J';

/** Lines that are redrawn in place on a terminal, within its size. */
export class LiveBlock {
  private drawn = 0;

  constructor(
    private readonly terminal: Terminal,
    /** Has the whole screen for itself, whatever somebody types into it. @default it stands below what was written */
    private readonly wholeScreen = false,
  ) {}

  /** Takes the place of what was drawn; `above` stays there and moves up with what was written. */
  draw(lines: readonly string[], above: readonly string[] = []): void {
    // A wrapped or scrolled line would leave the old ones behind.
    const width = (this.terminal.columns || 80) - 1;
    const shown = lines.slice(0, (this.terminal.rows || 24) - 1).map((line) => crop(line, width));
    const all = [...above, ...shown].map((line) => `${line}${END_OF_LINE}\n`);
    this.terminal.write(`${this.begin()}${all.join('')}${END_OF_SCREEN}`);
    this.drawn = shown.length;
  }

  /** Leaves nothing of it. */
  erase(): void {
    if (this.drawn > 0) this.draw([]);
  }

  private begin(): string {
    if (this.wholeScreen) return this.drawn > 0 ? HOME : `${CLEAR_SCREEN}${HOME}`;
    return this.drawn > 0 ? `\u001b[${this.drawn}A` : '';
  }
}
