import { benchBackup as measure } from '../../proof/backup';
import type { Run } from '../table/verb';
import type { benchBackup } from '../verbs/bench';
import { ended } from './bench-ended';

export const run: Run<typeof benchBackup> = ({ values }) => ended(measure(values));
