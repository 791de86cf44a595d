import { benchUpgrade as measure } from '../../proof/upgrade';
import type { Run } from '../table/verb';
import type { benchUpgrade } from '../verbs/bench';
import { ended } from './bench-ended';

export const run: Run<typeof benchUpgrade> = ({ values, words: [tag = ''] }) => ended(measure(tag, values));
