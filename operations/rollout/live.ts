import { liveRows, type Standing } from '../terminal/board';
import { LiveBlock } from '../terminal/live-block';
import type { Terminal } from '../terminal/terminal';
import type { Progress } from './progress';

/** Without a terminal a line is repeated this often although nothing changes, so that CI sees life. */
const REMINDER_SECONDS = 30;

/**
 * Live lines of one service: redrawn in place on a terminal, elsewhere one for each change.
 *
 * `[4/9] reservationservice 1/2 → 2/2 healthy (7.4 s)`
 */
export class LiveLine {
  private last: (Progress & { readonly seconds: number }) | undefined;
  private readonly block: LiveBlock;

  constructor(
    private readonly head: string,
    private readonly terminal: Terminal,
  ) {
    this.block = new LiveBlock(terminal);
  }

  show(progress: Progress, seconds: number): void {
    const { last } = this;
    const changed = last?.running !== progress.running || last.waitsFor !== progress.waitsFor;
    if (this.terminal.isTTY) this.block.draw(liveRows(this.line(progress, last, seconds), this.block.width));
    else if (changed || seconds - last.seconds >= REMINDER_SECONDS) {
      this.terminal.write(`${this.line(progress, last, seconds)}\n`);
    }
    if (changed || seconds - (last?.seconds ?? 0) >= REMINDER_SECONDS) this.last = { ...progress, seconds };
  }

  /** Makes room for the report. */
  end(): void {
    this.block.erase();
  }

  private line(progress: Progress, last: Progress | undefined, seconds: number): string {
    const { running, wanted, waitsFor } = progress;
    const before = last && last.running !== running ? `${last.running}/${last.wanted} → ` : '';
    const note = waitsFor ? `, ${waitsFor}` : '';
    return `${this.head} ${before}${running}/${wanted} healthy${note} (${seconds.toFixed(1)} s)`;
  }
}

/** All tasks run what was planned, and nothing but time is waited for. */
const WELL = /(\d+)\/\1 healthy(, (observing|stopping old tasks))? \(/;
/** What a rollout waits for that goes as it should. */
const MOVES = / healthy(, (starting|pulling|updating|observing|stopping old tasks))? \(/;

/** Where a service stands whose line that is. */
export const standingOf = (line: string): Standing =>
  WELL.test(line) ? 'well' : MOVES.test(line) ? 'moves' : 'trouble';
