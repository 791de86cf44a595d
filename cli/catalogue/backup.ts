import type { BackupSettings } from '../../contract/backup-settings';
import type { BackupOptions } from '../../operations/backup/main';
import { environmentOf } from '../read/environment';
import type { Call } from '../table/verb';
import type { backupList } from '../verbs/backup';
import { buildPlatform } from './platform';
import { platformOf } from './releases';

/** What the catalogue says of an environment's backups; undefined where it has none, or cannot be read. */
export function backupSettingsOf(
  environment: string | undefined,
  shell: Call['shell'],
): BackupSettings | undefined {
  return buildPlatform(environmentOf(environment, shell), shell).backup;
}

/** Which backups, on which server. @throws {UsageError} */
export function backupOf(call: Omit<Call<typeof backupList>, 'words'>): BackupOptions {
  const { values, shell } = call;
  return {
    ...platformOf(call),
    json: values.json,
    settings: backupSettingsOf(values.environment, shell),
  };
}
