import { runLabUp } from '../../lab/up';
import type { Run } from '../table/verb';
import type { labUp } from '../verbs/lab';
import { ended } from './lab-ended';

export const run: Run<typeof labUp> = ({ values: { compose } }) => ended(runLabUp({ compose }));
