import {
  type Amount,
  baseline,
  firstHomeless,
  fits,
  largest,
  sum,
  surge,
  times,
} from '../../constructs/units/capacity';
import type { Service, SwarmNode } from '../docker/answers';
import { takesTasks } from '../docker/snapshot';
import { rollingOf, type SynthesizedStack } from '../stack/synthesized';
import { type Finding, failure, ok, warning } from '../terminal/finding';

export interface CapacityFacts {
  /** Nodes that take new tasks. */
  readonly nodes: readonly (Amount & { readonly name: string })[];
  /** What services reserve that are not this stack's. */
  readonly others: Amount;
}

export function capacityFacts(
  all: readonly SwarmNode[],
  services: readonly Service[],
  namespace: string,
): CapacityFacts {
  const nodes = all.filter(takesTasks).map(({ Description }) => ({
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
  return times({ cpus: NanoCPUs, memory: MemoryBytes }, tasks);
}

/** All that is planned fits beside what others reserve, also while the largest wave rolls. */
export function judgeCapacity(
  facts: CapacityFacts,
  { services }: Pick<SynthesizedStack, 'services'>,
): Finding[] {
  const has = sum(facts.nodes);
  const planned = baseline(services.map(rollingOf));
  const waves = [...new Set(services.map(({ wave }) => wave))].map((wave) =>
    services.filter((service) => service.wave === wave),
  );
  const found = RESOURCES.flatMap(({ name, unit, of }) => {
    const onTop = (wave: SynthesizedStack['services']) => of(surge(wave.map(rollingOf)));
    const worst = largest(waves, onTop) ?? [];
    const extra = onTop(worst);
    const needs = of(planned) + of(facts.others) + extra;
    if (needs <= of(has)) return [];
    const rolling = worst.map(({ id }) => id).join(', ');
    const parts = [
      `${unit(of(planned))} for this stack`,
      ...(of(facts.others) > 0 ? [`${unit(of(facts.others))} for others`] : []),
      ...(extra > 0 ? [`${unit(extra)} more while ${rolling} roll`] : []),
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
  const placing = judgePlaces(facts.nodes, services);
  if (placing) return [placing];
  const free = RESOURCES.map(({ unit, of }) => unit(of(has) - of(planned) - of(facts.others))).join(' and ');
  return [ok('capacity', `${free} stay free of reservations`)];
}

/** The room of several nodes is not one room. */
function judgePlaces(
  nodes: CapacityFacts['nodes'],
  services: SynthesizedStack['services'],
): Finding | undefined {
  const rooms = nodes.map((node) => `${node.name} ${amountInWords(node)}`).join(', ');
  const tasks = services.flatMap((service) => {
    const { task, replicas } = rollingOf(service);
    return Array.from({ length: replicas }, () => ({ ...task, id: service.id }));
  });
  const tooLarge = tasks.find((task) => !nodes.some((node) => fits(task, node)));
  if (tooLarge) {
    return failure(
      'capacity',
      `a task of ${tooLarge.id} reserves ${amountInWords(tooLarge)}, which no node has (${rooms}): it would stay Pending`,
      'lower its reservations in services.config.ts, or take a larger server',
    );
  }
  const homeless = firstHomeless(tasks, nodes);
  return homeless
    ? warning(
        'capacity',
        `the nodes have room enough together (${rooms}), but the tasks can hardly be divided among them: one of ${homeless.id}, with ${amountInWords(homeless)}, may stay Pending`,
        'lower reservations or replicas in services.config.ts, or take larger servers',
      )
    : undefined;
}

const amountInWords = (amount: Amount): string =>
  RESOURCES.map(({ unit, of }) => unit(of(amount))).join(' and ');

const RESOURCES = [
  { name: 'CPU', unit: (n: number) => `${round(n / 1e9)} CPU`, of: ({ cpus }: Amount) => cpus },
  {
    name: 'memory',
    unit: (n: number) => `${Math.round(n / 2 ** 20)} MiB`,
    of: ({ memory }: Amount) => memory,
  },
] as const;

const round = (n: number) => Math.round(n * 100) / 100;
