import type { Task } from '../docker/answers';
import type { DockerClient } from '../docker/client';
import { isRunning } from '../docker/snapshot';
import { otherSeries } from '../images/series';
import type { ServiceChange } from './changes/model';

/**
 * Services with data that would open it with another series of their program, and did not end well: what a crash left only
 * the series that wrote it can recover.
 *
 * @param docker undefined where the server could not be asked: then nobody knows of any of them
 * @returns refusals
 */
export async function uncleanEnds(
  docker: Pick<DockerClient, 'tasks'> | undefined,
  namespace: string,
  changes: readonly Pick<ServiceChange, 'service' | 'image'>[],
  stateful: readonly string[],
): Promise<string[]> {
  const refusals: string[] = [];
  for (const { service, image } of changes) {
    const series = image && stateful.includes(service) ? otherSeries(image.from, image.to) : undefined;
    if (!image || !series) continue;
    const asked = docker?.tasks({ service: [`${namespace}_${service}`] });
    const tasks = await asked?.catch(() => undefined);
    if (tasks?.some(isWell)) continue;
    if (!tasks) {
      refusals.push(
        `${service}: the server does not say whether it runs, and ${series[1]} cannot recover what a crash of ${series[0]} leaves: plan again when it answers`,
      );
      continue;
    }
    refusals.push(
      `${service}: it does not run, so that nobody knows whether it ended cleanly, and ${series[1]} cannot recover what a crash of ${series[0]} leaves: deploy ${image.from} once more, let it come up and be healthy, then change the version`,
    );
  }
  return refusals;
}

/** Runs; a health check that fails has Swarm end it. */
const isWell = (task: Task): boolean => isRunning(task) && task.DesiredState === 'running';
