import { LiveBlock } from './live-block';
import type { Terminal } from './terminal';

/** Shows one block after the other: over the last one on a terminal, below it elsewhere. */
export class Screen {
  private readonly block: LiveBlock;
  private isFirst = true;

  constructor(private readonly terminal: Terminal) {
    this.block = new LiveBlock(terminal, true);
  }

  show(text: string): void {
    if (this.terminal.isTTY) this.block.draw(text.split('\n'));
    else this.terminal.write(`${this.isFirst ? '' : '\n'}${text}\n`);
    this.isFirst = false;
  }
}
