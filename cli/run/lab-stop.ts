import { labStop as stopLab } from '../../lab/cluster/infrastructure';
import type { Run } from '../table/verb';
import type { labStop } from '../verbs/lab';
import { ended } from './lab-ended';

/** Nothing runs any more, everything is kept. */
export const run: Run<typeof labStop> = () => ended(stopLab());
