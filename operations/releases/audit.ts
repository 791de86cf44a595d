import type { Release } from '../../contract/release';
import { table } from '../terminal/table';
import { commitInWords, timeOf } from './text';

/** What somebody did. */
export interface Deed {
  readonly at: string;
  readonly who: string;
  /** `deployed release 41`, `went back to release 40 as release 42`. */
  readonly what: string;
  readonly commit: string | null;
  readonly outcome: string;
  /** Names of what was let through. */
  readonly acknowledged: readonly string[];
}

export const deedOf = (release: Release): Deed => ({
  at: release.at,
  who: release.who,
  what:
    release.of === undefined
      ? `deployed release ${release.number}`
      : `went back to release ${release.of} as release ${release.number}`,
  commit: release.commit,
  outcome: release.outcome,
  acknowledged: release.acknowledged.map(({ name }) => name),
});

/** For people. */
export function auditLines(releases: readonly Release[]): string[] {
  if (releases.length === 0)
    return ['nothing is on record yet: each ./proctor deploy that changes something is'];
  const rows = releases.map((release) => {
    const { who, what, outcome, acknowledged } = deedOf(release);
    const through = acknowledged.length > 0 ? `, acknowledged ${acknowledged.join(', ')}` : '';
    return [timeOf(release), who, `${what} from ${commitInWords(release)}: ${outcome}${through}`];
  });
  return table(rows, { head: false });
}
