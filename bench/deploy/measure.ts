import { CommandError, sleep } from '../../lab/shell';
import { addAddresses } from '../load/addresses';
import { startLoad } from '../load/process';
import { loadPlan, mix } from '../roll/mix';
import type { Bench } from '../roll/platform';
import { countTasks, previousSpecsChanged, type ServiceState, servicesOf, touched } from './tasks';

/** One deploy, in one of the two ways. */
export interface Deployed {
  readonly what: string;
  readonly way: 'terraform' | 'stack deploy';
  readonly seconds: number;
  readonly exit: number;
  readonly requests: number;
  readonly failed: number;
  readonly peakTasks: number;
  /** Services whose version moved, and those whose `PreviousSpec` is another. */
  readonly touched: number;
  readonly previousSpecsChanged: number;
  /** Seconds from Swarm's own `rollback_completed` to the end of the deploy, where it rolled back. */
  readonly afterRollback?: number;
}

/** Runs one deploy under load and looks at what it did. Never throws for a deploy that fails. */
export async function measureDeploy(
  bench: Bench,
  { what, way, rate }: Pick<Deployed, 'what' | 'way'> & { readonly rate: number },
  work: () => Promise<void>,
): Promise<Deployed> {
  const socket = bench.lab.paths.socket;
  const addresses = await addAddresses(bench.lab.paths, 60);
  await bench.settle();
  const before = await servicesOf(socket);
  const load = await startLoad(loadPlan(bench.door, mix(addresses.list, rate)));
  await sleep(2);
  const tasks = countTasks(socket);
  const start = Date.now();
  const exit = await work().then(
    () => 0,
    (error: unknown) => (error instanceof CommandError ? (error.status ?? 1) : 1),
  );
  const end = Date.now();
  await sleep(3);
  const { requests, failed } = await load.stop();
  const after = await servicesOf(socket);
  const rolledBack = rollbackOf(after, start);
  return {
    ...{ what, way, seconds: (end - start) / 1000, exit, requests, failed, peakTasks: tasks.stop() },
    ...{ touched: touched(before, after), previousSpecsChanged: previousSpecsChanged(before, after) },
    ...(rolledBack === undefined ? {} : { afterRollback: (end - rolledBack) / 1000 }),
  };
}

/** When Swarm completed a rollback after `start`, in milliseconds since 1970. */
export function rollbackOf(services: readonly ServiceState[], start: number): number | undefined {
  const times = services
    .filter(({ UpdateStatus }) => UpdateStatus?.State === 'rollback_completed')
    .map(({ UpdateStatus }) => Date.parse(UpdateStatus?.CompletedAt ?? ''))
    .filter((time) => time >= start);
  return times.length > 0 ? Math.max(...times) : undefined;
}
