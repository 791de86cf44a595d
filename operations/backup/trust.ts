import type { ListedBackup, ListedDrill } from '../../contract/backup';
import type { BackupSettings } from '../../contract/backup-settings';
import { formatAge } from '../terminal/quantities';
import type { BackupFacts } from './facts';

/** A backup that was restored and checked, young enough to risk data on. */
export interface Proof {
  readonly backup: ListedBackup;
  readonly drill: ListedDrill;
}

export type Trust = { readonly proof: Proof } | { readonly why: string };

/**
 * What may be believed of a platform's backups: nothing but what was restored.
 *
 * @param service whose data is at risk, by its id
 * @param now in milliseconds, by the server's clock
 */
export function trustIn(
  { maxAgeSeconds, covers }: Pick<BackupSettings, 'maxAgeSeconds' | 'covers'>,
  service: string,
  facts: BackupFacts | undefined,
  now: number,
): Trust {
  if (!facts?.list)
    return { why: `the backups could not be looked at${facts?.unknown ? ` (${facts.unknown})` : ''}` };
  const { backups = [], drilled } = facts.list;
  if (backups.length === 0) return { why: 'there is no backup' };
  if (!drilled?.snapshot) return { why: 'no backup was ever restored and checked' };
  if (!drilled.ok) return { why: `the last drill failed${drilled.error ? ` (${drilled.error})` : ''}` };
  const backup = backups.find(({ snapshot }) => sameSnapshot(snapshot, drilled.snapshot!));
  if (!backup) return { why: `the backup ${drilled.snapshot}, which was drilled, is not there any more` };
  const age = now - Date.parse(backup.time);
  // By such a clock it would be young for as long as that clock was ahead.
  if (age < -CLOCKS_APART_MS) {
    return {
      why: `the backup ${drilled.snapshot} is of ${minute(backup.time)}, which is in the future: a clock was wrong (timedatectl), and how old it is nobody knows`,
    };
  }
  if (age > maxAgeSeconds * 1000) {
    return {
      why: `the newest backup that was restored and checked is ${formatAge(age)} old, and at most ${formatAge(maxAgeSeconds * 1000)} are believed`,
    };
  }
  const { databases = [], volumes = [] } = covers[service] ?? {};
  const missing = [
    ...databases.filter((name) => !backup.databases.includes(name)),
    ...volumes.filter((name) => !backup.volumes.includes(name)),
  ];
  if (missing.length > 0) return { why: `the newest backup that was drilled has no ${missing.join(', ')}` };
  return { proof: { backup, drill: drilled } };
}

/** What two clocks may differ by that are both kept right. */
const CLOCKS_APART_MS = 120_000;

/** One may be shortened. */
const sameSnapshot = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a);

/** For the acknowledgement: which one. */
export const proofInWords = ({ backup, drill }: Proof): string =>
  `backup ${backup.snapshot.slice(0, 8)} of ${minute(backup.time)} was restored and checked at ${minute(drill.time)}`;

const minute = (time: string): string => `${time.slice(0, 16).replace('T', ' ')} UTC`;
