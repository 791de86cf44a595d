import { benchRotate as measure } from '../../proof/rotate';
import type { Run } from '../table/verb';
import type { benchRotate } from '../verbs/bench';
import { ended } from './bench-ended';

export const run: Run<typeof benchRotate> = ({ values }) => ended(measure(values));
