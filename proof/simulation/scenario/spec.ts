import type { PlannedService } from '../../../contract/rollout';
import { currentPlan } from '../../../operations/rollout/current-spec';
import { isReplicated, replicasOf, type Spec } from '../swarm/records';
import { type Ingredient, of, type Scenario } from './ingredients';

export const SERVICE = 'web';
export const IMAGES = { old: 'app:v1', new: 'app:v2', bad: 'app:bad' } as const;
export const CPU = 1e9;

const ns = (ms: number): number => ms * 1e6;

/** The service as it was before the deploy. */
export function oldSpec(scenario: Scenario): Spec {
  const get = <K extends Ingredient['kind']>(kind: K) => of(scenario, kind);
  const health = get('health');
  const config = {
    Parallelism: get('parallelism')?.count ?? 1,
    Delay: ns(get('delay')?.ms ?? 0),
    Monitor: ns(get('monitor')?.ms ?? 5_000),
    MaxFailureRatio: get('ratio')?.share ?? 0,
    Order: get('stopFirst') ? ('stop-first' as const) : ('start-first' as const),
  };
  const restart = get('restart');
  const reserve = get('reserve');
  const most = get('maxReplicas');
  return {
    Name: SERVICE,
    Labels: { 'com.docker.stack.namespace': 'stack' },
    TaskTemplate: {
      ContainerSpec: {
        Image: IMAGES.old,
        Env: ['MODE=a'],
        StopGracePeriod: ns(get('grace')?.ms ?? 10_000),
        ...(health
          ? {
              Healthcheck: {
                Interval: ns(health.intervalMs),
                Timeout: ns(1_000),
                Retries: health.retries,
                StartPeriod: ns(health.startMs),
              },
            }
          : {}),
      },
      RestartPolicy: {
        Condition: restart?.condition ?? 'any',
        Delay: ns(get('restartDelay')?.ms ?? 5_000),
        MaxAttempts: restart?.attempts ?? 0,
      },
      Resources: reserve ? { Reservations: { NanoCPUs: reserve.cpus * CPU } } : {},
      Placement: most ? { MaxReplicas: most.count } : {},
    },
    Mode: get('global') ? { Global: {} } : { Replicated: { Replicas: get('replicas')?.count ?? 2 } },
    UpdateConfig: { ...config, FailureAction: get('action')?.action ?? 'rollback' },
    RollbackConfig: { ...config, FailureAction: 'pause' },
    EndpointSpec: { Ports: get('hostPort') ? [{ PublishedPort: 80, PublishMode: 'host' }] : [] },
  };
}

/** The service as it is deployed. */
export function newSpec(scenario: Scenario, from = oldSpec(scenario)): Spec {
  const { what = 'image' } = of(scenario, 'deploy') ?? {};
  const unplaceable = of(scenario, 'unplaceable');
  const container = from.TaskTemplate.ContainerSpec;
  const scaled = of(scenario, 'scaleTo')?.count ?? replicasOf(from) + 1;
  const scales = (what === 'scale' || what === 'both') && isReplicated(from);
  const platform = { Placement: { Platforms: [{ Architecture: 'riscv64', OS: 'linux' }] } };
  return {
    ...from,
    ...(scales ? { Mode: { Replicated: { Replicas: scaled } } } : {}),
    TaskTemplate: {
      ...from.TaskTemplate,
      ContainerSpec: {
        ...container,
        ...(['image', 'both', 'create'].includes(what) ? { Image: IMAGES.new } : {}),
        ...(what === 'env' ? { Env: ['MODE=b'] } : {}),
        ...(what === 'other' ? { StopGracePeriod: (container.StopGracePeriod ?? 0) + ns(1_000) } : {}),
      },
      ...(unplaceable?.why === 'constraint' ? { Placement: { Constraints: ['node.labels.disk==ssd'] } } : {}),
      ...(unplaceable?.why === 'resources' ? { Resources: { Reservations: { NanoCPUs: 100 * CPU } } } : {}),
      ...(unplaceable?.why === 'platform' ? platform : {}),
    },
  };
}

/** What a deploy's plan says of it: all that tasks are made of, as the gate's construct writes it. */
export const planOf = (spec: Spec): PlannedService => currentPlan({ Spec: spec });
