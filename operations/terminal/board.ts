import { LiveBlock } from './live-block';
import type { Terminal } from './terminal';

/** What a board shows. */
export type Line =
  /** Replaces the line before it of the same service or step. */
  | { readonly kind: 'live'; readonly key: string; readonly text: string }
  /** Stays. */
  | { readonly kind: 'lasting'; readonly key: string; readonly text: string }
  /** The step is over. */
  | { readonly kind: 'end'; readonly key: string };

/** Lines of several services at once: redrawn in place on a terminal, one after another elsewhere. */
export class Board {
  private readonly live = new Map<string, string>();
  private readonly block: LiveBlock;

  constructor(private readonly terminal: Terminal) {
    this.block = new LiveBlock(terminal);
  }

  show(line: Line): void {
    if (!this.terminal.isTTY) {
      // What Terraform only started says nothing yet; the gate's own lines do.
      const saysNothing = line.kind === 'end' || (line.kind === 'live' && /^\s/.test(line.text));
      if (!saysNothing) this.terminal.write(`${line.text}\n`);
      return;
    }
    if (line.kind === 'live') this.live.set(line.key, line.text);
    else this.live.delete(line.key);
    this.block.draw([...this.live.values()], line.kind === 'lasting' ? [line.text] : []);
  }

  /** Leaves nothing of the live lines. */
  end(): void {
    if (this.terminal.isTTY) this.block.erase();
    this.live.clear();
  }
}
