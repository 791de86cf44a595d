import type { RestoreOptions } from '../../operations/backup/restore/job';
import { runRestore } from '../../operations/backup/restore/main';
import { backupOf } from '../catalogue/backup';
import { momentOf } from '../read/moment';
import type { Call, Run } from '../table/verb';
import type { backupRestore } from '../verbs/backup';

export const run: Run<typeof backupRestore> = (call) =>
  runRestore({ ...backupOf(call), ...read(call) }, call.shell);

/** @throws {UsageError} */
export function read({
  values,
}: Pick<Call<typeof backupRestore>, 'values'>): Omit<RestoreOptions, keyof ReturnType<typeof backupOf>> {
  const { into = 'scratch', database, volume, of, discard } = values;
  return {
    ...momentOf(values),
    into,
    databases: database,
    volumes: volume,
    of,
    discard,
    freshBackup: !values['skip-backup'],
  };
}
