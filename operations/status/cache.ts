/** An answer that is asked for again only when it is old. */
export class Kept<T> {
  private last: { readonly at: number; readonly answer: Promise<T> } | undefined;

  constructor(
    private readonly milliseconds: number,
    private readonly ask: () => Promise<T>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get(): Promise<T> {
    const now = this.now();
    if (!this.last || now - this.last.at >= this.milliseconds) this.last = { at: now, answer: this.ask() };
    return this.last.answer;
  }
}
