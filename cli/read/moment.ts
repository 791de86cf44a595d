import { UsageError } from '../../operations/terminal/usage-error';

/**
 * What of the backups is meant: a moment, a backup, or neither, which is the newest.
 *
 * @throws {UsageError}
 */
export function momentOf<
  T extends { readonly at: string | undefined; readonly snapshot: string | undefined },
>({ at, snapshot }: T): Pick<T, 'at' | 'snapshot'> {
  if (at !== undefined && (Number.isNaN(Date.parse(at)) || !/(Z|[+-]\d\d:?\d\d)$/.test(at))) {
    throw new UsageError(
      `--at is ${JSON.stringify(at)}\nwrite date, time and zone: --at 2026-11-27T09:30:00Z`,
    );
  }
  if (at !== undefined && snapshot !== undefined) {
    throw new UsageError('--at and --snapshot say two things\ngive one of them');
  }
  return { at, snapshot };
}
