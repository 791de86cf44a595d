/** A reason why the lab cannot go on, in two lines for people: what is wrong, and what to do. */
export class LabError extends Error {
  constructor(
    readonly problem: string,
    readonly remedy: string,
  ) {
    super(`${problem}\n  ${remedy}`);
    this.name = 'LabError';
  }
}
