/** One value that the workflows need, as it is called in GitHub and as the programs read it. */
export interface Secret {
  /** In GitHub: Settings, Environments, <environment>, Environment secrets. */
  readonly name: string;
  /** The environment variable of the steps. */
  readonly variable: string;
  /**
   * `s3` and `pg` are needed together, by the kind of state in services.config.ts; one of the two must be complete.
   * `pair:<name>` goes with the secret of that name or not at all.
   */
  readonly needed: 'always' | 'optional' | 's3' | 'pg' | `pair:${string}`;
  readonly what: string;
  /** How to get it, for people. */
  readonly get: string;
  /** What is wrong with a value that is there; never with the value in it. @default one line without spaces at its ends; the key and the host keys have readers of their own */
  readonly judge?: (value: string) => string | undefined;
}

export const judgeLine = (value: string): string | undefined => {
  if (/[\r\n]/.test(value)) return 'has a line break';
  if (value !== value.trim()) return 'begins or ends with a space';
  return undefined;
};
