import { runLabDown } from '../../lab/down';
import type { Run } from '../table/verb';
import type { labDown } from '../verbs/lab';
import { ended } from './lab-ended';

export const run: Run<typeof labDown> = () => ended(runLabDown());
