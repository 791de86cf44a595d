import { hasFailed, isRunning, isWanted, type Snapshot, since, slotOf } from '../docker/snapshot';
import { SwarmClient } from '../docker/swarm-client';
import { slotsOf } from '../rollout/slots';
import type { SynthesizedStack } from '../stack/synthesized';
import { harmless } from '../terminal/untrusted';

/** A program that ends again and again may run at the moment of the look; once may be the engine's restart. */
const LATELY_MS = 120_000;
const AGAIN = 2;
const POLL_MS = 1000;

export interface Looked {
  /**
   * Services that had a verdict, and when, by the manager's clock in milliseconds: what failed before it is no news.
   *
   * @default none
   */
  readonly judged?: ReadonlyMap<string, number>;
  /** How long a task that is missing may take to come back. @default 0 */
  readonly patienceSeconds?: number;
}

/** Services that run what was planned and are not well, one line each: there was nothing to deploy, but somebody must look. */
export async function findUnwell(
  { services, ...server }: Pick<SynthesizedStack, 'services' | 'host' | 'sshOptions'>,
  { judged, patienceSeconds = 0 }: Looked = {},
): Promise<string[]> {
  if (services.length === 0) return [];
  const swarm = new SwarmClient(server);
  const until = performance.now() + patienceSeconds * 1000;
  try {
    for (;;) {
      const snapshots = await swarm.snapshots(services.map(({ name }) => name));
      const unwell = services.flatMap(({ id, name }) => {
        const snapshot = snapshots.get(name);
        const problem = snapshot ? problemOf(snapshot, judged?.get(name)) : 'there is no such service';
        return problem ? [`${id}: ${problem}`] : [];
      });
      if (unwell.length === 0 || performance.now() >= until) return unwell;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  } finally {
    swarm.close();
  }
}

/**
 * @param judged when it had a verdict, in milliseconds by the manager's clock
 * @returns undefined for a service that is well
 */
export function problemOf(snapshot: Snapshot, judged = Number.NEGATIVE_INFINITY): string | undefined {
  const { running, wanted } = slotsOf(snapshot);
  const often = failsAgain(snapshot, judged);
  if (running < wanted)
    return [`${running} of ${wanted} tasks run`, why(snapshot), often].filter(Boolean).join(', ');
  return often;
}

/**
 * That tasks of the present specification end again and again, whether or not all run at this moment.
 *
 * @param judged as of `problemOf`
 */
export function failsAgain(snapshot: Snapshot, judged = Number.NEGATIVE_INFINITY): string | undefined {
  const from = Math.max(judged, snapshot.now - LATELY_MS);
  const failed = snapshot.tasks
    .filter((task) => snapshot.upToDate.has(task.ID) && hasFailed(task))
    .filter((task) => since(task) > from);
  const again = failed.some((task) => failed.filter((one) => slotOf(one) === slotOf(task)).length >= AGAIN);
  return again ? `${failed.length} tasks failed in the last 2 minutes` : undefined;
}

function why({ tasks }: Snapshot): string {
  const waiting = tasks.find((task) => isWanted(task) && !isRunning(task));
  return waiting ? harmless(waiting.Status.Err || waiting.Status.State) : '';
}
