import { runCommand } from '../../operations/backup/main';
import { backupOf } from '../catalogue/backup';
import type { Run } from '../table/verb';
import type { backupNow } from '../verbs/backup';

export const run: Run<typeof backupNow> = (call) =>
  runCommand(backupOf(call), 'now', call.shell, call.values.empty ? ['--empty'] : []);
