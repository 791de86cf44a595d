import type { PlannedService, RolloutTimings } from '../../contract/rollout';
import type { Service } from '../docker/answers';

const seconds = (nanoseconds: number | undefined): number | null =>
  nanoseconds === undefined ? null : nanoseconds / 1e9;

/** The present specification taken as the plan, for a rollout that nobody planned here. */
export function currentPlan({ Spec }: Pick<Service, 'Spec'>): PlannedService {
  const container = Spec.TaskTemplate.ContainerSpec;
  return {
    image: container?.Image ?? '',
    replicas: Spec.Mode?.Replicated ? (Spec.Mode.Replicated.Replicas ?? 1) : null,
    secrets: (container?.Secrets ?? []).map((secret) => ({ id: secret.SecretID })),
    configs: (container?.Configs ?? []).map((config) => ({ id: config.ConfigID })),
  };
}

/** Its timings, as far as the service says them; a health check of the image is not among them, Docker's defaults are. */
export function currentTimings({ Spec }: Pick<Service, 'Spec'>): RolloutTimings {
  const health = Spec.TaskTemplate.ContainerSpec?.Healthcheck;
  return {
    startPeriodSeconds: seconds(health?.StartPeriod),
    healthIntervalSeconds: seconds(health?.Interval || undefined),
    healthTimeoutSeconds: seconds(health?.Timeout || undefined),
    healthRetries: health?.Retries || null,
    delaySeconds: seconds(Spec.UpdateConfig?.Delay),
    monitorSeconds: seconds(Spec.UpdateConfig?.Monitor),
    stopGraceSeconds: seconds(Spec.TaskTemplate.ContainerSpec?.StopGracePeriod),
    parallelism: Spec.UpdateConfig?.Parallelism ?? null,
  };
}
