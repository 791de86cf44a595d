import type { Terminal } from '../../operations/terminal/terminal';

const ESCAPE = '\u001b';
// It wraps nothing anyhow, so that it has nothing to do for "no wrapping".
const SEQUENCE = new RegExp(
  `${ESCAPE}\\[(\\d*)([AHJK])|${ESCAPE}\\[\\?7[lh]|\\n|\\r|[^${ESCAPE}\\n\\r]+`,
  'g',
);

/** A terminal that knows the few sequences that are used here, and what is on it. */
export class FakeTerminal implements Terminal {
  readonly isTTY = true;
  private lines: string[] = [''];
  private row = 0;
  private column = 0;

  constructor(
    readonly columns?: number,
    readonly rows?: number,
  ) {}

  /** What a person sees. */
  get shown(): string[] {
    const lines = this.lines.map((line) => line.trimEnd());
    while (lines.at(-1) === '') lines.pop();
    return lines;
  }

  write(text: string): void {
    for (const [whole, count, kind] of text.matchAll(SEQUENCE)) {
      if (whole.startsWith(`${ESCAPE}[?`)) continue;
      if (kind) this.obey(kind, count ?? '');
      else if (whole === '\n') this.goTo(this.row + 1);
      else if (whole === '\r') this.column = 0;
      else this.put(whole);
    }
  }

  private obey(kind: string, count: string): void {
    if (kind === 'A') this.row = Math.max(0, this.row - Number(count || 1));
    if (kind === 'H') this.goTo(0);
    if (kind === 'J' && count === '2') this.lines = this.lines.map(() => '');
    if (kind === 'K' || (kind === 'J' && count !== '2')) this.lines[this.row] = this.before();
    if (kind === 'J' && count !== '2') this.lines.length = this.row + 1;
  }

  private put(text: string): void {
    const after = (this.lines[this.row] ?? '').slice(this.column + text.length);
    this.lines[this.row] = this.before() + text + after;
    this.column += text.length;
  }

  private goTo(row: number): void {
    this.row = row;
    this.column = 0;
    while (this.lines.length <= row) this.lines.push('');
  }

  private before = (): string => (this.lines[this.row] ?? '').slice(0, this.column).padEnd(this.column);
}
