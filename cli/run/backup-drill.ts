import { runCommand } from '../../operations/backup/main';
import { backupOf } from '../catalogue/backup';
import type { Run } from '../table/verb';
import type { backupDrill } from '../verbs/backup';

export const run: Run<typeof backupDrill> = (call) => runCommand(backupOf(call), 'drill', call.shell);
