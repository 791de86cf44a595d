import { runUnlock } from '../../operations/releases/locking';
import { platformOf } from '../catalogue/releases';
import type { Run } from '../table/verb';
import type { unlock } from '../verbs/releases';

export const run: Run<typeof unlock> = (call) => runUnlock(platformOf(call));
