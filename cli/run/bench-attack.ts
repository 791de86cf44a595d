import { benchAttack as measure } from '../../proof/attack';
import type { Run } from '../table/verb';
import type { benchAttack } from '../verbs/bench';
import { ended } from './bench-ended';

export const run: Run<typeof benchAttack> = ({ values }) => ended(measure(values));
