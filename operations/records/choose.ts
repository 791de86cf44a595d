import type { Release } from '../../contract/release';

export const hasConverged = ({ exitCode }: Pick<Release, 'exitCode'>): boolean => exitCode === 0;

/** Of so many that converged everything stays: what runs, and two steps back. */
export const KEPT_CONVERGED = 3;

/**
 * The release of a number. @param releases the newest first
 * @throws with the numbers that there are
 */
export function releaseOf(releases: readonly Release[], number: number): Release {
  const found = releases.find((release) => release.number === number);
  if (found) return found;
  const known = releases.map((release) => release.number);
  throw new Error(
    known.length === 0
      ? 'the server has no releases yet\n  each ./proctor deploy that changes something makes one'
      : `there is no release ${number}\n  choose from ${known.at(-1)} to ${known[0]}: ./proctor releases`,
  );
}

/** The newest that converged: what should run. @throws where there is none */
export function newest(releases: readonly Release[]): Release {
  const found = releases.find(hasConverged);
  if (found) return found;
  throw new Error(
    'the server has no release that converged\n  each ./proctor deploy that changes something makes one',
  );
}

/**
 * The one before what runs. After a deploy that failed, that is the newest that converged; after one that went back, the
 * one before the release that it went back to, so that going back twice leads further back.
 *
 * @throws where there is none
 */
export function previous(releases: readonly Release[]): Release {
  const [last] = releases;
  if (!last) return releaseOf(releases, 0);
  const before = hasConverged(last) ? (last.of ?? last.number) : last.number;
  const found = releases.find((release) => release.number < before && hasConverged(release));
  if (found) return found;
  throw new Error(
    `there is no release before ${before} that converged\n  check out the older commit and deploy that`,
  );
}
