import {
  type Amount,
  baseline,
  firstHomeless,
  fits,
  largest,
  minus,
  sum,
  surge,
  times,
} from '../../constructs/units/capacity';
import type { Service, SwarmNode, Task } from '../docker/answers';
import type { DockerClient } from '../docker/client';
import { isWanted, replicasOf, takesTasks } from '../docker/snapshot';
import { fulfils } from '../place/constraints';
import { type DeclaredService, rollingOf, type SynthesizedStack } from '../stack/synthesized';
import { type Finding, failure, ok, warning } from '../terminal/finding';

/** A node that takes new tasks, and what it has. */
export interface Room extends Amount {
  readonly name: string;
  /** What tasks that are not this stack's reserve there. Not told of a single node. */
  readonly others: Amount;
  /** Whether tasks with these constraints may be there. */
  readonly takes: (constraints: readonly string[]) => boolean;
}

export interface CapacityFacts {
  readonly nodes: readonly Room[];
  /** What services reserve that are not this stack's, their tasks that have no node yet included. */
  readonly others: Amount;
}

/** @throws what the request throws */
export async function gatherCapacity(
  docker: Pick<DockerClient, 'tasks'>,
  nodes: readonly SwarmNode[],
  services: readonly Service[],
  namespace: string,
): Promise<CapacityFacts> {
  // Where there is one node, all that is reserved is there.
  const tasks = nodes.length > 1 ? await docker.tasks({ 'desired-state': ['running'] }) : [];
  return capacityFacts(nodes, services, tasks, namespace);
}

export function capacityFacts(
  all: readonly SwarmNode[],
  services: readonly Service[],
  tasks: readonly Task[],
  namespace: string,
): CapacityFacts {
  const others = services.filter(({ Spec }) => Spec.Labels?.[NAMESPACE] !== namespace);
  const reservations = new Map(others.map((service) => [service.ID, reservationOf(service)]));
  const nodes = all.filter(takesTasks).map((node) => ({
    name: node.Description?.Hostname ?? '?',
    cpus: node.Description?.Resources?.NanoCPUs ?? 0,
    memory: node.Description?.Resources?.MemoryBytes ?? 0,
    others: sum(
      tasks
        .filter((task) => task.NodeID === node.ID && isWanted(task))
        .flatMap(({ ServiceID }) => reservations.get(ServiceID) ?? []),
    ),
    takes: (constraints: readonly string[]) => fulfils(node, constraints),
  }));
  return { nodes, others: sum(others.map((service) => reservedBy(service, nodes.length))) };
}

const NAMESPACE = 'com.docker.stack.namespace';

/** Of one task. */
function reservationOf({ Spec }: Service): Amount {
  const { NanoCPUs = 0, MemoryBytes = 0 } = Spec.TaskTemplate.Resources?.Reservations ?? {};
  return { cpus: NanoCPUs, memory: MemoryBytes };
}

const reservedBy = (service: Service, nodes: number): Amount =>
  times(reservationOf(service), replicasOf(service.Spec) ?? nodes);

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

/** A task for which there is no node, although there may be room enough on all of them together. */
export interface Homeless extends Amount {
  readonly id: string;
  /** Not even on a node that is empty. */
  readonly tooLarge: boolean;
}

/**
 * The room of several nodes is not one room, and a constraint leaves some of them out. Where no node fulfils one, that is
 * another check's: a label may be set before the tasks start.
 */
export function findHomeless(
  nodes: CapacityFacts['nodes'],
  services: readonly DeclaredService[],
): Homeless | undefined {
  const tasks = services.flatMap((service) => {
    const { task, replicas } = rollingOf(service);
    const fitting = nodes.filter(({ takes }) => takes(service.constraints));
    const allowed = fitting.length > 0 ? fitting : nodes;
    return Array.from({ length: replicas }, () => ({ ...task, id: service.id, allowed }));
  });
  const tooLarge = tasks.find((task) => !task.allowed.some((node) => fits(task, node)));
  const free = nodes.map((node) => minus(node, node.others));
  const homeless =
    tooLarge ?? firstHomeless(tasks, free, (task, index) => task.allowed.includes(nodes[index]!));
  if (!homeless) return undefined;
  const { id, cpus, memory } = homeless;
  return { id, cpus, memory, tooLarge: homeless === tooLarge };
}

function judgePlaces(
  nodes: CapacityFacts['nodes'],
  services: SynthesizedStack['services'],
): Finding | undefined {
  const homeless = findHomeless(nodes, services);
  if (!homeless) return undefined;
  const constraints = services.find(({ id }) => id === homeless.id)?.constraints ?? [];
  const where = constraints.length > 0 ? `; it may only be where ${constraints.join(' and ')}` : '';
  const rooms = nodes
    .map((node) => {
      const taken = node.others.cpus + node.others.memory > 0;
      return `${node.name} ${amountInWords(node)}${taken ? `, of which others reserve ${amountInWords(node.others)}` : ''}`;
    })
    .join(', ');
  if (homeless.tooLarge) {
    return failure(
      'capacity',
      `a task of ${homeless.id} reserves ${amountInWords(homeless)}, which no node has for it (${rooms}${where}): it would stay Pending`,
      'lower its reservations in services.config.ts, or take a larger server',
    );
  }
  return warning(
    'capacity',
    `the nodes have room enough together (${rooms}), but the tasks can hardly be divided among them: one of ${homeless.id}, with ${amountInWords(homeless)}, may stay Pending${where}`,
    'lower reservations or replicas in services.config.ts, or take larger servers',
  );
}

export const amountInWords = (amount: Amount): string =>
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
