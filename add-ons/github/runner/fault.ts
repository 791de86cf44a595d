/** What a person has to mend: one line what is wrong, one line what to do. Never holds a secret's value. */
export class Fault extends Error {
  constructor(
    readonly what: string,
    readonly remedy: string,
    /** The secret or setting that it is about. */
    readonly subject?: string,
  ) {
    super(`${what}\n  ${remedy}`);
    this.name = 'Fault';
  }
}
