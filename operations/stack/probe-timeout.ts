/**
 * How long a probe may take, in seconds, as its own arguments say. Docker's time-out of one that waits for a recovery is
 * far longer, and tells nothing of how long a start takes.
 *
 * @param test Docker's `Test`
 * @returns undefined where they do not say it
 */
export function ownTimeout(test: readonly string[] | null | undefined): number | undefined {
  const found = (test ?? []).map((part) => /^--timeout=(\d+)$/.exec(part)?.[1]).find(Boolean);
  return found === undefined ? undefined : Number(found);
}
