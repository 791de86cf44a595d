import { labDown } from '../../../lab/cluster/infrastructure';

/** Whatever became of the tests, nothing stays. `E2E_KEEP=1` leaves the lab running, to look at it. */
export default async function teardown(): Promise<void> {
  if (process.env.E2E_SKIPPED || process.env.E2E_KEEP) return;
  await labDown({ print: () => {} });
}
