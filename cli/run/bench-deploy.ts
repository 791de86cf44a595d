import { benchDeploy as measure } from '../../proof/deploy';
import type { Run } from '../table/verb';
import type { benchDeploy } from '../verbs/bench';
import { ended } from './bench-ended';

export const run: Run<typeof benchDeploy> = ({ values }) => ended(measure(values));
