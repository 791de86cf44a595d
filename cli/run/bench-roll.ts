import { benchRoll as measure } from '../../proof/roll';
import type { Run } from '../table/verb';
import type { benchRoll } from '../verbs/bench';
import { ended } from './bench-ended';

export const run: Run<typeof benchRoll> = ({ values }) => ended(measure(values));
