import type { Progress } from './progress';

/** Where lines go. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** Without a terminal a line is repeated this often although nothing changes, so that CI sees life. */
const REMINDER_SECONDS = 30;

/**
 * Live lines of one service: redrawn in place on a terminal, elsewhere one for each change.
 *
 * `[4/9] reservationservice 1/2 → 2/2 healthy (7.4 s)`
 */
export class LiveLine {
  private last: (Progress & { readonly seconds: number }) | undefined;
  private drawn = 0;

  constructor(
    private readonly head: string,
    private readonly output: Output,
  ) {}

  show(progress: Progress, seconds: number): void {
    const { last } = this;
    const changed = last?.running !== progress.running || last.waitsFor !== progress.waitsFor;
    if (this.output.isTTY) this.redraw(this.line(progress, last, seconds));
    else if (changed || seconds - last.seconds >= REMINDER_SECONDS) {
      this.output.write(`${this.line(progress, last, seconds)}\n`);
    }
    if (changed || seconds - (last?.seconds ?? 0) >= REMINDER_SECONDS) this.last = { ...progress, seconds };
  }

  /** Makes room for the report. */
  end(): void {
    if (this.output.isTTY && this.drawn > 0) this.redraw('');
  }

  private line(progress: Progress, last: Progress | undefined, seconds: number): string {
    const { running, wanted, waitsFor } = progress;
    const before = last && last.running !== running ? `${last.running}/${last.wanted} → ` : '';
    const note = waitsFor ? `, ${waitsFor}` : '';
    return `${this.head} ${before}${running}/${wanted} healthy${note} (${seconds.toFixed(1)} s)`;
  }

  private redraw(line: string): void {
    this.output.write(`\r${line.padEnd(this.drawn)}${line ? '' : '\r'}`);
    this.drawn = line.length;
  }
}
