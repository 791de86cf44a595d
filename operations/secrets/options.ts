export interface SecretsOptions {
  readonly environment: string;
  readonly json: boolean;
  /** The secret that gets a new value; a list otherwise. */
  readonly generate?: string;
  /** The value goes to standard output and nowhere else. */
  readonly print: boolean;
  /** A value that the `.env` file has already is replaced, and kept there in a comment. */
  readonly replace: boolean;
}
