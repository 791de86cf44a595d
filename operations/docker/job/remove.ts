import { setTimeout as sleep } from 'node:timers/promises';
import type { Service, Task } from '../answers';
import type { Docker } from '../client';
import { ConnectionError } from '../explain';
import { hasEnded } from '../snapshot';

export type JobApi = Pick<
  Docker,
  'service' | 'updateService' | 'tasks' | 'removeService' | 'removeContainer' | 'reconnect'
>;

const POLL_MS = 500;
/** Beside what its program may take to stop: for the node to hear of it, and for Swarm to drop the task. */
const SLACK_SECONDS = 30;
/** Docker's own, where a service says none. */
const DEFAULT_GRACE_SECONDS = 10;
/** A daemon that restarts, or somebody else who writes the service at the same moment. */
const TRIES = 5;

type Wait = (milliseconds: number) => Promise<unknown>;

/**
 * Stops a job's tasks, and keeps the job.
 *
 * Docker 20.10 leaves the tasks of a job as they are when the job is removed: a program runs on, one that failed leaves
 * another task that waits, and both hold their network for good. No engine keeps tasks of a job of which nothing is wanted.
 *
 * @returns its specification; undefined where there is no such job
 * @throws when the server cannot be asked for a while
 */
export function stopJob(
  docker: JobApi,
  id: string,
  wait: Wait = sleep,
): Promise<Service['Spec'] | undefined> {
  return persist(docker, wait, async () => {
    const { Spec, Version } = await docker.service(id);
    const { TaskTemplate } = Spec;
    await docker.updateService(id, Version.Index, {
      ...Spec,
      Mode: { ReplicatedJob: { MaxConcurrent: 0, TotalCompletions: 0 } },
      TaskTemplate: { ...TaskTemplate, ForceUpdate: (TaskTemplate.ForceUpdate ?? 0) + 1 },
    });
    return Spec;
  });
}

/**
 * Removes a job when its tasks have stopped, for which they have their grace period; one on a node that does not answer is
 * not waited for longer.
 *
 * @throws when the server cannot be asked for a while
 */
export async function removeJob(docker: JobApi, id: string, wait: Wait = sleep): Promise<void> {
  const spec = await stopJob(docker, id, wait);
  if (!spec) return;
  const grace = spec.TaskTemplate.ContainerSpec?.StopGracePeriod;
  const seconds = SLACK_SECONDS + (grace === undefined ? DEFAULT_GRACE_SECONDS : grace / 1e9);
  let tasks = await tasksOf(docker, id, wait);
  for (let waited = 0; waited < seconds * 1000 && !tasks.every(hasEnded); waited += POLL_MS) {
    await wait(POLL_MS);
    tasks = await tasksOf(docker, id, wait);
  }
  await persist(docker, wait, () => docker.removeService(id));
  for (const { Status } of tasks) await removeEnded(docker, Status.ContainerStatus?.ContainerID);
}

const tasksOf = async (docker: JobApi, id: string, wait: Wait): Promise<readonly Task[]> =>
  (await persist(docker, wait, () => docker.tasks({ service: [id] }))) ?? [];

/** Docker 20.10 keeps that of a task that failed. Where another node has it, or is at it, it is not ours. */
async function removeEnded(docker: JobApi, container: string | undefined): Promise<void> {
  // It takes some disk and nothing else: no reason for a job to fail.
  if (container) await docker.removeContainer(container).catch(() => {});
}

/** @returns undefined where it is not there any more */
async function persist<T>(docker: JobApi, wait: Wait, ask: () => Promise<T>): Promise<T | undefined> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode === 404) return undefined;
      const isLate = /out of sequence/.test((error as Error).message);
      if (!(isLate || error instanceof ConnectionError) || tries === TRIES) throw error;
      if (!isLate) docker.reconnect();
      await wait(1000 * tries);
    }
  }
}
