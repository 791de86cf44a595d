import type { PlannedService } from '../../../contract/rollout';
import { currentPlan } from '../../../operations/rollout/current-spec';
import type { Program, Pull } from '../node/program';
import { isReplicated, replicasOf, type Spec, type TaskRecord } from '../swarm/records';
import { World } from '../world/world';
import { all, type Ingredient, of, type Scenario } from './ingredients';

export const SERVICE = 'web';
export const IMAGES = { old: 'app:v1', new: 'app:v2', bad: 'app:bad' } as const;
/** Nobody waits so long for what was before. */
const SETTLE_MS = 90_000;
const CPU = 1e9;

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

export const nodeId = (number: number): string => `node${number}`;

/** The cluster with the service as it was, at the moment before the deploy. */
export function before(scenario: Scenario): { world: World; deployAt: number } {
  const faults = new Faults(scenario);
  const count = of(scenario, 'nodes')?.count ?? 1;
  const clocks = all(scenario.ingredients, 'workerClock');
  const world = new World({
    seed: scenario.seed,
    historyLimit: of(scenario, 'history')?.limit ?? 5,
    nodes: Array.from({ length: count }, (_, at) => ({
      id: nodeId(at + 1),
      hostname: nodeId(at + 1),
      role: at === 0 ? 'manager' : 'worker',
      availability: 'active',
      state: 'ready',
      nanoCpus: 8 * CPU,
      memoryBytes: 8e9,
      architecture: 'amd64',
      labels: {},
      clock: clocks.find(({ node }) => node === at + 1)?.ms ?? 0,
    })),
    surroundings: faults,
  });
  faults.now = () => world.agenda.now;
  for (const agent of world.agents.values()) agent.has(IMAGES.old);
  if (of(scenario, 'deploy')?.what !== 'create') {
    world.control.create(oldSpec(scenario));
    world.agenda.runUntil(SETTLE_MS);
    if (of(scenario, 'earlier')) earlier(world);
  }
  faults.deployAt = world.agenda.now;
  return { world, deployAt: world.agenda.now };
}

/** A deploy that failed, with all that came of it. */
function earlier({ control, agenda }: World): void {
  const { id, version, spec } = control.find(SERVICE)!;
  const { TaskTemplate } = spec;
  const ContainerSpec = { ...TaskTemplate.ContainerSpec, Image: IMAGES.bad };
  control.update(id, version, { ...spec, TaskTemplate: { ...TaskTemplate, ContainerSpec } });
  agenda.runUntil(agenda.now + SETTLE_MS);
}

/** How programs and pulls go, by what the scenario says. */
class Faults {
  deployAt = Number.POSITIVE_INFINITY;
  private readonly starts = new Map<string, number>();
  private readonly scenario: Scenario;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
  }

  program(task: TaskRecord, node: string): Program {
    const { ingredients } = this.scenario;
    const image = task.template.ContainerSpec.Image;
    const version = this.versionOf(task);
    const bad = image === IMAGES.bad;
    const hit = <F extends { of?: string; node?: number; times: number }>(faults: readonly F[]) =>
      faults.find((fault, at) => {
        if (fault.of !== version || (fault.node !== undefined && nodeId(fault.node) !== node)) return false;
        const key = `${version} ${at} ${faults[0] && 'code' in faults[0]}`;
        const count = (this.starts.get(key) ?? 0) + 1;
        this.starts.set(key, count);
        return count <= fault.times;
      });
    const settled = this.deployAt < Number.POSITIVE_INFINITY;
    const crash = settled ? hit(all(ingredients, 'crash')) : undefined;
    const sick = settled ? hit(all(ingredients, 'sick')) : undefined;
    const error = settled ? hit(all(ingredients, 'startError')) : undefined;
    const slow = all(ingredients, 'slowStart').find((one) => one.of === version);
    const ends = bad ? { afterMs: 1_000, code: 1 } : crash && endOf(crash);
    return {
      readyMs: slow?.ms ?? 300,
      stopMs: of(this.scenario, 'slowStop')?.ms ?? 300,
      stopCode: 0,
      ...(ends ? { ends } : {}),
      ...(sick ? { sickAfterMs: sick.afterMs } : {}),
      ...(error ? { startError: 'exec: "/launch": executable file not found in $PATH: unknown' } : {}),
    };
  }

  pull(image: string, node: string): Pull {
    const { ingredients } = this.scenario;
    const here = (one: { node?: number }) => one.node === undefined || nodeId(one.node) === node;
    if (image === IMAGES.bad) {
      return { ms: 300, fails: of(this.scenario, 'earlier')?.of !== 'crashing' };
    }
    const bad = all(ingredients, 'badPull').find(here);
    const slow = all(ingredients, 'slowPull').find(here);
    return { ms: slow?.ms ?? 500, fails: bad !== undefined && this.now() < this.deployAt + bad.untilMs };
  }

  /** Set by whoever knows the time. */
  now: () => number = () => 0;

  private versionOf(task: TaskRecord): 'old' | 'new' | undefined {
    const text = JSON.stringify(task.template);
    if (text === JSON.stringify(newSpec(this.scenario).TaskTemplate)) return 'new';
    return text === JSON.stringify(oldSpec(this.scenario).TaskTemplate) ? 'old' : undefined;
  }
}

const endOf = ({ afterMs, code, outOfMemory }: { afterMs: number; code: number; outOfMemory?: boolean }) => ({
  afterMs,
  code,
  ...(outOfMemory ? { outOfMemory } : {}),
});
