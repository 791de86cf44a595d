import { addAddresses } from '../../../proof/load/addresses';
import { CLIENT_ADDRESSES, loadPlan, mix } from '../../../proof/load/mix';
import { type Conditions, type Done, underLoad as runUnderLoad } from '../../../proof/load/under-load';
import { endpointOf } from '../../../proof/platform/lab';
import { runningLab } from './lab';

/** About 20 requests a second, and few enough that two processors have time for the rest. */
const RATE = 0.06;
const MOST_SECONDS = 840;

/** Clients of all services ask from addresses of their own while `work` is under way. */
export async function underLoad<Result, const Seen extends readonly unknown[]>(
  watches: Conditions<Seen>['watches'],
  work: () => Promise<Result>,
): Promise<Done<Result, Seen>> {
  const lab = runningLab();
  const addresses = await addAddresses(lab.paths, CLIENT_ADDRESSES);
  const plan = loadPlan(endpointOf(lab), mix(addresses.list, RATE), MOST_SECONDS);
  try {
    return await runUnderLoad({ plan, watches }, work);
  } finally {
    await addresses.remove();
  }
}
