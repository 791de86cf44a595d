import type { Task } from '../docker/answers';
import type { DockerClient } from '../docker/client';
import { isRunning } from '../docker/snapshot';
import { harmless } from '../terminal/untrusted';

/** The little of the Docker API that this needs. */
export type TaskApi = Pick<DockerClient, 'info' | 'services' | 'tasks'>;

/** How long to look, and how often. */
export interface Patience {
  /** In milliseconds since the epoch. */
  readonly until: number;
  /** @default 1000 */
  readonly pollMilliseconds?: number;
}

/**
 * The container of a service's running task on the node that `docker` speaks to.
 *
 * @throws when there is no such service, when its task runs on another node, or when none runs in time
 */
export async function findContainer(docker: TaskApi, service: string, patience: Patience): Promise<string> {
  const services = await docker.services({ name: [service] });
  // The filter matches prefixes, too.
  if (!services.some((found) => found.Spec.Name === service)) {
    throw new Error(
      `there is no service ${service} on this Swarm\n  deploy it first; \`docker service ls\` shows what there is`,
    );
  }
  const filters = { service: [service], 'desired-state': ['running'] };
  for (;;) {
    const tasks = await docker.tasks(filters);
    const running = tasks.find(isRunning);
    const container = running?.Status.ContainerStatus?.ContainerID;
    if (running && container) {
      await expectHere(docker, service, running);
      return container;
    }
    if (Date.now() >= patience.until) {
      const seen = tasks.map((task) =>
        harmless([task.Status.State, task.Status.Err].filter(Boolean).join(': ')),
      );
      throw new Error(
        `no task of ${service} is running (${seen.join('; ') || 'it has none'})\n  see \`docker service ps --no-trunc ${service}\``,
      );
    }
    await pause(patience);
  }
}

export function pause(patience: Patience): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, patience.pollMilliseconds ?? 1000));
}

async function expectHere(docker: TaskApi, service: string, task: Task): Promise<void> {
  const { Swarm, Name } = await docker.info();
  if (task.NodeID === Swarm?.NodeID) return;
  throw new Error(
    `the task of ${service} runs on node ${task.NodeID}, and this is ${Name} (${Swarm?.NodeID}): commands reach only tasks on the same node\n  place the service on this node (a placement constraint), or point the host at that node if it is a manager`,
  );
}
