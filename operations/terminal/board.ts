/** What a board shows. */
export type Line =
  /** Replaces the line before it of the same service or step. */
  | { readonly kind: 'live'; readonly key: string; readonly text: string }
  /** Stays. */
  | { readonly kind: 'lasting'; readonly key: string; readonly text: string }
  /** The step is over. */
  | { readonly kind: 'end'; readonly key: string };

export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Lines of several services at once: redrawn in place on a terminal, one after another elsewhere. */
export class Board {
  private readonly live = new Map<string, string>();
  private drawn = 0;

  constructor(private readonly screen: Screen) {}

  show(line: Line): void {
    if (!this.screen.isTTY) {
      // What Terraform only started says nothing yet; the gate's own lines do.
      if (line.kind !== 'end' && line.text.trim() === line.text.trimEnd())
        this.screen.write(`${line.text}\n`);
      else if (line.kind === 'lasting') this.screen.write(`${line.text}\n`);
      return;
    }
    this.clear();
    if (line.kind === 'live') this.live.set(line.key, line.text);
    else this.live.delete(line.key);
    if (line.kind === 'lasting') this.screen.write(`${line.text}\n`);
    this.draw();
  }

  /** Leaves nothing of the live lines. */
  end(): void {
    if (this.screen.isTTY) this.clear();
    this.live.clear();
  }

  private draw(): void {
    const width = (this.screen.columns || 80) - 1;
    for (const text of this.live.values()) this.screen.write(`${text.slice(0, width)}\n`);
    this.drawn = this.live.size;
  }

  private clear(): void {
    if (this.drawn > 0) this.screen.write(`\x1b[${this.drawn}A\x1b[0J`);
    this.drawn = 0;
  }
}
