/** Called wrongly. Exit code 64. */
export class UsageError extends Error {
  // The command line and a verb are bundled apart, each with a class of its own: the name is what they share.
  override readonly name = 'UsageError';
}
