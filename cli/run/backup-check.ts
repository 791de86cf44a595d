import { runCommand } from '../../operations/backup/main';
import { backupOf } from '../catalogue/backup';
import type { Run } from '../table/verb';
import type { backupCheck } from '../verbs/backup';

export const run: Run<typeof backupCheck> = (call) => runCommand(backupOf(call), 'check', call.shell);
