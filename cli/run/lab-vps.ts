import { runLabVps } from '../../lab/vps/up';
import { UsageError } from '../../operations/terminal/usage-error';
import type { Run } from '../table/verb';
import type { labVps } from '../verbs/lab';
import { ended } from './lab-ended';

export const run: Run<typeof labVps> = ({ values }) => {
  const given = Object.entries(values).filter(([, isGiven]) => isGiven);
  if (given.length > 1) {
    const options = given.map(([name]) => `--${name}`).join(' and ');
    throw new UsageError(`${options} do not fit together\nleave out all but one`);
  }
  return ended(runLabVps(values));
};
