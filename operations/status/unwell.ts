import { hasFailed, isRunning, isWanted, type Snapshot, since, slotOf } from '../docker/snapshot';
import { SwarmClient } from '../docker/swarm-client';
import { slotsOf } from '../rollout/slots';
import type { SynthesizedStack } from '../stack/synthesized';
import { harmless } from '../terminal/untrusted';

/** A program that ends again and again may run at the moment of the look; once may be the engine's restart. */
const LATELY_MS = 120_000;
const AGAIN = 2;

/** Services that run what was planned and are not well, one line each: there was nothing to deploy, but somebody must look. */
export async function findUnwell({
  services,
  ...server
}: Pick<SynthesizedStack, 'services' | 'host' | 'sshOptions'>): Promise<string[]> {
  if (services.length === 0) return [];
  const swarm = new SwarmClient(server);
  try {
    const snapshots = await swarm.snapshots(services.map(({ name }) => name));
    return services.flatMap(({ id, name }) => {
      const snapshot = snapshots.get(name);
      const problem = snapshot ? problemOf(snapshot) : 'there is no such service';
      return problem ? [`${id}: ${problem}`] : [];
    });
  } finally {
    swarm.close();
  }
}

/** @returns undefined for a service that is well */
export function problemOf(snapshot: Snapshot): string | undefined {
  const { running, wanted } = slotsOf(snapshot);
  const failed = snapshot.tasks
    .filter((task) => snapshot.upToDate.has(task.ID) && hasFailed(task))
    .filter((task) => snapshot.now - since(task) < LATELY_MS);
  const again = failed.some((task) => failed.filter((one) => slotOf(one) === slotOf(task)).length >= AGAIN);
  const often = again ? `${failed.length} tasks failed in the last 2 minutes` : '';
  if (running < wanted)
    return [`${running} of ${wanted} tasks run`, why(snapshot), often].filter(Boolean).join(', ');
  return often || undefined;
}

function why({ tasks }: Snapshot): string {
  const waiting = tasks.find((task) => isWanted(task) && !isRunning(task));
  return waiting ? harmless(waiting.Status.Err || waiting.Status.State) : '';
}
