import type { Lab } from '../../lab/cluster/infrastructure';
import { addAddresses } from '../load/addresses';
import { CLIENT_ADDRESSES } from '../load/mix';
import { Bench } from '../platform/bench';
import type { Place } from './scenario';

/** Addresses that the load leaves to watches: nginx limits each. */
const APART = 4;

export interface BenchOptions {
  /** Health checks that bear with a busy machine. @default false */
  readonly patient?: boolean;
  /** Brings the lab back to what it was. @default deploys the platform as it is written */
  readonly restore?: (bench: Bench) => Promise<void>;
}

/** A bench and addresses for clients while `work` lasts. What it leaves is no lab for the next program, so it is restored. */
export async function withBench<Result>(
  lab: Lab,
  { patient = false, restore = (bench) => bench.restore() }: BenchOptions,
  work: (place: Place) => Promise<Result>,
): Promise<Result> {
  const { list, remove } = await addAddresses(lab.paths, CLIENT_ADDRESSES + APART);
  const [clients, apart] = [list.slice(0, CLIENT_ADDRESSES), list.slice(CLIENT_ADDRESSES)];
  const bench = new Bench(lab, process.cwd(), (line) => console.log(`  ${line}`), patient);
  try {
    return await work({ bench, clients, apart });
  } finally {
    console.log('\nback to the platform as it is written');
    await restore(bench).catch((error: Error) => console.log(`  not restored: ${error.message}`));
    await remove();
    bench.remove();
  }
}
