import type { PlannedService, RolloutTimings } from '../../contract/rollout';
import type { Service, TaskSpec } from '../docker/answers';
import { replicasOf } from '../docker/snapshot';
import { ownTimeout } from '../stack/probe-timeout';
import { normalized } from './specification/normalized';

const seconds = (nanoseconds: number | undefined): number | null =>
  nanoseconds === undefined ? null : nanoseconds / 1e9;

/** A specification that is there taken as the plan, all of it, for a rollout that nobody planned here. */
export function currentPlan({ Spec }: Pick<Service, 'Spec'>): PlannedService {
  const { ContainerSpec, ...template } = Spec.TaskTemplate;
  const { Image = '', Command, Args, Env, Secrets = [], Configs = [], ...container } = ContainerSpec ?? {};
  const TaskTemplate = { ...template, ContainerSpec: container } as TaskSpec;
  return {
    image: Image,
    command: Command,
    args: Args,
    env: Env,
    replicas: replicasOf(Spec) ?? null,
    secrets: Secrets.map(({ SecretID, File }) => ({ id: SecretID, ...fileOf(File) })),
    configs: Configs.map(({ ConfigID, File }) => ({ id: ConfigID, ...fileOf(File) })),
    spec: normalized({ ...Spec, TaskTemplate }),
    whole: true,
  };
}

const fileOf = (file: unknown) => (file ? { file: file as Record<string, unknown> } : {});

/** Its timings, as far as the service says them; a health check of the image is not among them, Docker's defaults are. */
export function currentTimings({ Spec }: Pick<Service, 'Spec'>): RolloutTimings {
  const health = Spec.TaskTemplate.ContainerSpec?.Healthcheck;
  return {
    startPeriodSeconds: seconds(health?.StartPeriod),
    healthIntervalSeconds: seconds(health?.Interval || undefined),
    healthTimeoutSeconds: ownTimeout(health?.Test) ?? seconds(health?.Timeout || undefined),
    healthRetries: health?.Retries || null,
    delaySeconds: seconds(Spec.UpdateConfig?.Delay),
    monitorSeconds: seconds(Spec.UpdateConfig?.Monitor),
    stopGraceSeconds: seconds(Spec.TaskTemplate.ContainerSpec?.StopGracePeriod),
    parallelism: Spec.UpdateConfig?.Parallelism ?? null,
  };
}
