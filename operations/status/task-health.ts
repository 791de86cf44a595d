import type { ContainerSummary } from '../docker/answers';
import type { TaskHealth } from './service-status';

/** What the containers of a node say of their health checks. */
export function taskHealth(containers: readonly ContainerSummary[]): TaskHealth {
  return new Map(
    containers.flatMap(({ Labels, Status }) => {
      const id = Labels['com.docker.swarm.task.id'];
      const [, said] = /\((?:health: )?(healthy|unhealthy|starting)\)/.exec(Status) ?? [];
      return id && said ? [[id, said as 'healthy' | 'unhealthy' | 'starting'] as const] : [];
    }),
  );
}
