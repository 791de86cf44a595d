import { LiveBlock } from './live-block';
import type { Terminal } from './terminal';
import { wrap } from './wrap';

/** The room that a text has. Without rows it may be as long as it is. */
export interface Room {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** Shows one block after the other: over the last one on a terminal, below it elsewhere. */
export class Screen {
  private readonly block: LiveBlock;
  private isFirst = true;

  constructor(private readonly terminal: Terminal) {
    this.block = new LiveBlock(terminal, true);
  }

  /** What a block has to fit to be seen as a whole. */
  get room(): Room {
    return this.terminal.isTTY ? { columns: this.block.width, rows: this.block.height } : {};
  }

  show(text: string): void {
    if (this.terminal.isTTY)
      this.block.draw(text.split('\n').flatMap((line) => wrap(line, this.block.width)));
    else this.terminal.write(`${this.isFirst ? '' : '\n'}${text}\n`);
    this.isFirst = false;
  }
}
