import { runList } from '../../operations/backup/main';
import { backupOf } from '../catalogue/backup';
import type { Run } from '../table/verb';
import type { backupList } from '../verbs/backup';

export const run: Run<typeof backupList> = (call) => runList(backupOf(call), call.shell);
