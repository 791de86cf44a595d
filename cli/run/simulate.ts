import { runSimulation } from '../../proof/simulation/main';
import type { Run } from '../table/verb';
import type { simulation } from '../verbs/bench';

export const run: Run<typeof simulation> = ({ values }) => runSimulation(values);
