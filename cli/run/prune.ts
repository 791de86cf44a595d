import { runPrune } from '../../operations/prune/main';
import { platformOf } from '../catalogue/releases';
import type { Run } from '../table/verb';
import type { prune } from '../verbs/prune';

export const run: Run<typeof prune> = (call) => runPrune({ ...platformOf(call), yes: call.values.yes });
