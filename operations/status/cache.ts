/** An answer that is asked for again only when it is old. A failure is none: it is told, and the next asks again. */
export class Kept<T> {
  private last: { readonly at: number; readonly answer: Promise<T> } | undefined;

  constructor(
    private readonly milliseconds: number,
    private readonly ask: () => Promise<T>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get(): Promise<T> {
    const now = this.now();
    if (this.last && now - this.last.at < this.milliseconds) return this.last.answer;
    const asked = { at: now, answer: this.ask() };
    this.last = asked;
    asked.answer.catch(() => {
      if (this.last === asked) this.last = undefined;
    });
    return asked.answer;
  }
}
