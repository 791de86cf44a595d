import { runCommand } from '../../operations/backup/main';
import { backupOf } from '../catalogue/backup';
import type { Run } from '../table/verb';
import type { backupUnlock } from '../verbs/backup';

export const run: Run<typeof backupUnlock> = (call) => runCommand(backupOf(call), 'unlock', call.shell);
