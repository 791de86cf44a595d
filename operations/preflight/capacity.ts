import type { Service } from '../docker/answers';
import type { DockerClient } from '../docker/client';
import type { DeclaredService, SynthesizedStack } from '../stack/synthesized';
import { type Finding, failure, ok } from '../terminal/finding';

/** Nano-CPUs and bytes. */
export interface Amount {
  readonly cpus: number;
  readonly memory: number;
}

export interface CapacityFacts {
  /** Nodes that take new tasks. */
  readonly nodes: readonly (Amount & { readonly name: string })[];
  /** What services reserve that are not this stack's. */
  readonly others: Amount;
}

/** @throws what the request throws */
export async function gatherCapacity(
  docker: DockerClient,
  services: readonly Service[],
  namespace: string,
): Promise<CapacityFacts> {
  const all = await docker.nodes();
  const nodes = all
    .filter(({ Spec, Status }) => Spec?.Availability === 'active' && Status?.State === 'ready')
    .map(({ Description }) => ({
      name: Description?.Hostname ?? '?',
      cpus: Description?.Resources?.NanoCPUs ?? 0,
      memory: Description?.Resources?.MemoryBytes ?? 0,
    }));
  const others = services.filter(({ Spec }) => Spec.Labels?.['com.docker.stack.namespace'] !== namespace);
  return { nodes, others: sum(others.map((service) => reservedBy(service, nodes.length))) };
}

function reservedBy({ Spec }: Service, nodes: number): Amount {
  const { NanoCPUs = 0, MemoryBytes = 0 } = Spec.TaskTemplate.Resources?.Reservations ?? {};
  const tasks = Spec.Mode?.Replicated ? (Spec.Mode.Replicated.Replicas ?? 1) : nodes;
  return { cpus: NanoCPUs * tasks, memory: MemoryBytes * tasks };
}

/** All that is planned fits beside what others reserve, also while the largest wave rolls. */
export function judgeCapacity(
  facts: CapacityFacts,
  { services }: Pick<SynthesizedStack, 'services'>,
): Finding[] {
  const has = sum(facts.nodes);
  const planned = sum(services.map((service) => times(service, service.replicas)));
  const waves = [...new Set(services.map(({ wave }) => wave))].map((wave) =>
    services.filter((service) => service.wave === wave),
  );
  const found = RESOURCES.flatMap(({ name, unit, of }) => {
    const surge = waves
      .map((wave) => ({ wave, amount: of(sum(wave.map(extra))) }))
      .reduce((a, b) => (b.amount > a.amount ? b : a), { wave: [] as readonly DeclaredService[], amount: 0 });
    const needs = of(planned) + of(facts.others) + surge.amount;
    if (needs <= of(has)) return [];
    const rolling = surge.wave.map(({ id }) => id).join(', ');
    const parts = [
      `${unit(of(planned))} for this stack`,
      ...(of(facts.others) > 0 ? [`${unit(of(facts.others))} for others`] : []),
      ...(surge.amount > 0 ? [`${unit(surge.amount)} more while ${rolling} roll`] : []),
    ];
    return [
      failure(
        'capacity',
        `${name}: ${unit(needs)} are reserved (${parts.join(', ')}), ${unit(of(has))} are there: tasks would stay Pending`,
        'lower reservations or replicas in services.config.ts, remove what else runs there, or take a larger server',
      ),
    ];
  });
  if (facts.nodes.length === 0) {
    return [
      failure(
        'capacity',
        'no node takes new tasks',
        'look at `docker node ls`: docker node update --availability active',
      ),
    ];
  }
  if (found.length > 0) return found;
  const free = RESOURCES.map(({ unit, of }) => unit(of(has) - of(planned) - of(facts.others))).join(' and ');
  return [ok('capacity', `${free} stay free of reservations`)];
}

const RESOURCES = [
  { name: 'CPU', unit: (n: number) => `${round(n / 1e9)} CPU`, of: ({ cpus }: Amount) => cpus },
  {
    name: 'memory',
    unit: (n: number) => `${Math.round(n / 2 ** 20)} MiB`,
    of: ({ memory }: Amount) => memory,
  },
] as const;

const round = (n: number) => Math.round(n * 100) / 100;
const times = ({ nanoCpus, memoryBytes }: DeclaredService, tasks: number): Amount => ({
  cpus: nanoCpus * tasks,
  memory: memoryBytes * tasks,
});
const extra = (service: DeclaredService): Amount =>
  times(
    service,
    service.startFirst ? Math.min(service.parallelism || service.replicas, service.replicas) : 0,
  );
const sum = (parts: readonly Amount[]): Amount =>
  parts.reduce((a, b) => ({ cpus: a.cpus + b.cpus, memory: a.memory + b.memory }), { cpus: 0, memory: 0 });
