import { runVpsTest } from '../../lab/vps/test';
import type { Run } from '../table/verb';
import type { labVpsTest } from '../verbs/lab';
import { ended } from './lab-ended';

export const run: Run<typeof labVpsTest> = ({ words }) => ended(runVpsTest(words));
