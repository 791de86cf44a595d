import { Terminal as Emulated } from '@xterm/headless';
import type { Terminal } from '../../operations/terminal/terminal';

/** A real terminal's behaviour: it wraps, scrolls, and breaks lines another way when its window is pulled. */
export class Emulator implements Terminal {
  readonly isTTY = true;
  /** All that was written, with what is not seen. */
  written = '';
  private readonly screen: Emulated;

  constructor(columns: number, rows: number) {
    this.screen = new Emulated({
      cols: columns,
      rows,
      scrollback: 20_000,
      // As the terminal driver of a kernel does.
      convertEol: true,
      allowProposedApi: true,
    });
  }

  get columns(): number {
    return this.screen.cols;
  }

  get rows(): number {
    return this.screen.rows;
  }

  write(text: string): void {
    this.written += text;
    this.screen.write(text);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.settle();
    this.screen.resize(columns, rows);
  }

  /** Screen and what scrolled off it, as a person reads it: rows that the terminal itself broke are one line. */
  async lines(): Promise<string[]> {
    const lines: string[] = [];
    for (const { text, isWrapped } of await this.buffer()) {
      if (isWrapped) lines.push(`${lines.pop() ?? ''}${text}`);
      else lines.push(text);
    }
    return trimmed(lines);
  }

  /** The same, row by row. */
  async allRows(): Promise<string[]> {
    return trimmed((await this.buffer()).map(({ text }) => text));
  }

  /** What is seen without scrolling. */
  async visible(): Promise<string[]> {
    return trimmed((await this.buffer()).slice(this.screen.buffer.active.baseY).map(({ text }) => text));
  }

  private async buffer() {
    await this.settle();
    const { active } = this.screen.buffer;
    return Array.from({ length: active.length }, (_, at) => {
      const line = active.getLine(at);
      const next = active.getLine(at + 1);
      // What goes on in the next row is whole, blanks and all.
      return { text: line?.translateToString(!next?.isWrapped) ?? '', isWrapped: line?.isWrapped ?? false };
    });
  }

  private settle = (): Promise<void> => new Promise((resolve) => this.screen.write('', resolve));
}

function trimmed(lines: readonly string[]): string[] {
  const all = lines.map((line) => line.trimEnd());
  while (all.at(-1) === '') all.pop();
  return all;
}
