/** Where text for people goes: a stream of the process, or a test's own. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  /** A terminal of unknown size says 0. */
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
}
