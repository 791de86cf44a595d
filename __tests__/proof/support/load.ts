import { addAddresses } from '../../../proof/load/addresses';
import { CLIENT_ADDRESSES, loadPlan, mix } from '../../../proof/load/mix';
import { underLoad as runUnderLoad } from '../../../proof/load/under-load';
import { endpointOf } from '../../../proof/platform/lab';
import { runningLab } from '../../e2e/support/lab';
import { type Kept, Ledger } from './ledger';

export interface Counted extends Kept {
  readonly requests: number;
  readonly failed: number;
  readonly kinds: Readonly<Record<string, number>>;
  /** In which one service answered nobody. */
  readonly longestGapSeconds: number;
  readonly gapOf: string;
}

/** About 20 requests a second, and few enough that two processors have time for the rest. */
const RATE = 0.06;
const MOST_SECONDS = 840;

/** Clients of all services and a ledger of rows while `work` is under way; what they saw comes with what it returned. */
export async function underLoad<T>(work: () => Promise<T>): Promise<readonly [T, Counted]> {
  const lab = runningLab();
  const addresses = await addAddresses(lab.paths, CLIENT_ADDRESSES);
  const plan = loadPlan(endpointOf(lab), mix(addresses.list, RATE), MOST_SECONDS);
  try {
    const done = await runUnderLoad({ plan, watches: [new Ledger()] }, work);
    const { requests, failed, kinds, longestGap } = done.load;
    const [kept] = done.seen;
    const gap = { longestGapSeconds: longestGap.milliseconds / 1000, gapOf: longestGap.service };
    return [done.result, { requests, failed, kinds, ...gap, ...kept }];
  } finally {
    await addresses.remove();
  }
}
