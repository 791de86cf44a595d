import type { SwarmService } from '../swarm';
import type { Rule, RuleContext } from './rule';

type Node = RuleContext['node'];

/** CPU in nano-cores and memory in bytes that services reserve. */
export interface Reserved {
  readonly cpus: number;
  readonly memory: number;
}

/** What all replicas reserve while nothing rolls. */
export function baseline(services: readonly SwarmService[]): Reserved {
  return sum(services.map((service) => times(service, service.props.replicas)));
}

/** What a roll of these services at the same time reserves on top: `parallelism` more tasks of each that is start-first. */
export function surge(services: readonly SwarmService[]): Reserved {
  return sum(
    services
      .filter(({ props }) => props.updatePolicy.order === 'start-first')
      .map((service) =>
        times(service, Math.min(service.props.updatePolicy.parallelism, service.props.replicas)),
      ),
  );
}

const RESOURCES: readonly {
  unit: string;
  size: number;
  of(reserved: Reserved): number;
  has(node: Node): number;
}[] = [
  { unit: 'CPU', size: 1e9, of: ({ cpus }) => cpus, has: ({ cpus }) => cpus.toNanoCpus() },
  { unit: 'GiB', size: 1024 ** 3, of: ({ memory }) => memory, has: ({ memory }) => memory.toBytes() },
];

/** A task that finds no free reservation stays Pending, and its update never ends: Swarm has no time-out for it. */
export const capacity: Rule<'capacity'> = {
  name: 'capacity',
  check: ({ services, node, waves }) =>
    RESOURCES.flatMap(({ unit, size, of, has }) => {
      const base = of(baseline(services));
      const worst = largest(waves, (wave) => of(surge(wave))) ?? [];
      const extra = of(surge(worst));
      const service = largest(services, (one) => of(times(one, one.props.replicas)));
      if (!service || base + extra <= has(node)) return [];
      const say = (amount: number) => `${Math.round((amount / size) * 100) / 100} ${unit}`;
      const rolling = worst.map(({ node: { id } }) => id).join(', ');
      const peak = extra > 0 ? `, ${say(base + extra)} while rolling ${rolling}` : '';
      return {
        service,
        problem: `all replicas reserve ${say(base)}${peak}: the node has ${say(has(node))}`,
        fix: 'lower reservations or replicas, or declare a larger node',
      };
    }),
};

const largest = <T>(items: readonly T[], amount: (item: T) => number): T | undefined =>
  items.reduce<T | undefined>(
    (best, item) => (best && amount(best) >= amount(item) ? best : item),
    undefined,
  );

const times = ({ props }: SwarmService, tasks: number): Reserved => ({
  cpus: props.reservations.cpus.toNanoCpus() * tasks,
  memory: props.reservations.memory.toBytes() * tasks,
});

const sum = (parts: readonly Reserved[]): Reserved =>
  parts.reduce((a, b) => ({ cpus: a.cpus + b.cpus, memory: a.memory + b.memory }), { cpus: 0, memory: 0 });
