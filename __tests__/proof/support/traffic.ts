import { PORTS } from '../../../lab/deploy/target';
import { eventually } from '../../../lab/ground/shell';
import { addAddresses } from '../../../proof/load/addresses';
import { startLoad } from '../../../proof/load/process';
import { CLIENT_ADDRESSES, loadPlan, mix } from '../../../proof/roll/mix';
import { runningLab } from '../../e2e/support/lab';
import { Ledger } from './ledger';

export interface Counted {
  readonly requests: number;
  readonly failed: number;
  readonly kinds: Readonly<Record<string, number>>;
  /** In which one service answered nobody. */
  readonly longestGapSeconds: number;
  readonly gapOf: string;
  readonly acknowledged: number;
  readonly lost: number;
  readonly lostMessages: number;
}

/** About 20 requests a second, and few enough that two processors have time for the rest. */
const RATE = 0.06;
const MOST_SECONDS = 840;
/** The same program as `npm run bench:roll`, which is its own load generator. */
const GENERATOR = [process.execPath, 'build/run.mjs', 'proof/roll.ts', '--load'];

/** Clients of all services and a ledger of rows while `work` is under way; what they saw comes with what it returned. */
export async function underLoad<T>(work: () => Promise<T>): Promise<readonly [T, Counted]> {
  const { paths, address } = runningLab();
  const addresses = await addAddresses(paths, CLIENT_ADDRESSES);
  const door = { address, port: PORTS.https };
  const load = await startLoad(loadPlan(door, mix(addresses.list, RATE), MOST_SECONDS), GENERATOR);
  const ledger = new Ledger();
  try {
    const result = await work();
    const acknowledged = await ledger.stop();
    const seen = await load.stop();
    const lost = await ledger.lostRows();
    // Messages are on their way for a moment.
    await eventually(30, async () => (await ledger.lostMessages()).length === 0);
    const counted = {
      ...{ requests: seen.requests, failed: seen.failed, kinds: seen.kinds },
      ...{ longestGapSeconds: seen.longestGap.milliseconds / 1000, gapOf: seen.longestGap.service },
      ...{ acknowledged, lost: lost.length, lostMessages: (await ledger.lostMessages()).length },
    };
    return [result, counted];
  } finally {
    await ledger.stop();
    await load.stop();
    await addresses.remove();
  }
}
