import type { SwarmService } from '../swarm';
import { type Amount, baseline, largest, type Rolling, surge } from '../units/capacity';
import type { Rule, RuleContext } from './rule';

type Node = RuleContext['node'];

/** A service, as far as its rolls need room. */
export const rollingOf = ({ props }: SwarmService): Rolling => ({
  task: { cpus: props.reservations.cpus.toNanoCpus(), memory: props.reservations.memory.toBytes() },
  replicas: props.replicas,
  startFirst: props.updatePolicy.order === 'start-first',
  parallelism: props.updatePolicy.parallelism,
});

const RESOURCES: readonly {
  unit: string;
  size: number;
  of(reserved: Amount): number;
  has(node: Node): number;
}[] = [
  { unit: 'CPU', size: 1e9, of: ({ cpus }) => cpus, has: ({ cpus }) => cpus.toNanoCpus() },
  { unit: 'GiB', size: 1024 ** 3, of: ({ memory }) => memory, has: ({ memory }) => memory.toBytes() },
];

/**
 * A task that finds no free reservation stays Pending, and its update never ends: Swarm has no time-out for it.
 * @refuses reservations that the node cannot hold, at rest or while a wave of services rolls
 * @fix lower reservations or replicas, or declare a larger node
 */
export const capacity: Rule<'capacity'> = {
  name: 'capacity',
  check: ({ services, node, waves }) =>
    RESOURCES.flatMap(({ unit, size, of, has }) => {
      const atRest = (some: readonly SwarmService[]) => of(baseline(some.map(rollingOf)));
      const onTop = (wave: readonly SwarmService[]) => of(surge(wave.map(rollingOf)));
      const base = atRest(services);
      const worst = largest(waves, onTop) ?? [];
      const extra = onTop(worst);
      const service = largest(services, (one) => atRest([one]));
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
