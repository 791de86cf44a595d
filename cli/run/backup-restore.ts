import { type RestoreOptions, runRestore } from '../../operations/backup/restore';
import { UsageError } from '../../operations/terminal/usage-error';
import { backupOf } from '../catalogue/backup';
import type { Call, Run } from '../table/verb';
import type { backupRestore } from '../verbs/backup';

export const run: Run<typeof backupRestore> = (call) =>
  runRestore({ ...backupOf(call), ...read(call) }, call.shell);

/** @throws {UsageError} */
export function read({
  values,
}: Pick<Call<typeof backupRestore>, 'values'>): Omit<RestoreOptions, keyof ReturnType<typeof backupOf>> {
  const { at, snapshot, into = 'scratch', database, volume, of, discard } = values;
  if (at !== undefined && (Number.isNaN(Date.parse(at)) || !/(Z|[+-]\d\d:?\d\d)$/.test(at))) {
    throw new UsageError(
      `--at is ${JSON.stringify(at)}\nwrite date, time and zone: --at 2026-11-27T09:30:00Z`,
    );
  }
  if (at !== undefined && snapshot !== undefined) {
    throw new UsageError('--at and --snapshot say two things\ngive one of them');
  }
  return {
    at,
    snapshot,
    into,
    databases: database,
    volumes: volume,
    of,
    discard,
    freshBackup: !values['skip-backup'],
  };
}
