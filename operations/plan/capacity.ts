import type { Amount, CapacityFacts } from '../preflight/capacity';
import type { DeclaredService } from '../stack/synthesized';
import type { ReadablePlan } from './changes/model';

/** What is reserved at the worst moment of a deploy, and what the nodes have. */
export interface Capacity {
  /** Nano-CPUs and bytes. */
  readonly reserved: Amount;
  readonly has: Amount;
  /** The services whose rolls make it so. */
  readonly rolling: readonly string[];
  readonly fits: boolean;
}

/**
 * The largest wave of this plan: what all planned tasks and everything else reserve, and `parallelism` more tasks of each
 * service that rolls start-first. A service that was scaled up by hand holds its surplus until it is updated.
 */
export function capacityOf(
  { services: changes }: Pick<ReadablePlan, 'services'>,
  declared: readonly DeclaredService[],
  { nodes, others }: CapacityFacts,
): Capacity {
  const rolls = (id: string) =>
    changes.some(({ service, action, restarts }) => service === id && action === 'update' && restarts);
  const base = sum([others, ...declared.map((service) => times(service, service.replicas))]);
  const waves = new Map<string, DeclaredService[]>();
  for (const service of declared.filter(({ id, startFirst }) => startFirst && rolls(id))) {
    waves.set(service.wave, [...(waves.get(service.wave) ?? []), service]);
  }
  const has = sum(nodes);
  const surges = [...waves.values()].map((wave) => ({ wave, amount: sum(wave.map(extra)) }));
  // Whichever resource it is that a wave brings nearer to its end.
  const share = ({ amount }: { amount: Amount }) =>
    Math.max(amount.cpus / (has.cpus || 1), amount.memory / (has.memory || 1));
  const worst = surges.reduce<(typeof surges)[number] | undefined>(
    (best, one) => (best && share(best) >= share(one) ? best : one),
    undefined,
  );
  const reserved = sum([base, ...(worst ? [worst.amount] : [])]);
  return {
    ...{ reserved, has, rolling: worst?.wave.map(({ id }) => id) ?? [] },
    fits:
      surges.every(({ amount }) => {
        const peak = sum([base, amount]);
        return peak.cpus <= has.cpus && peak.memory <= has.memory;
      }) &&
      reserved.cpus <= has.cpus &&
      reserved.memory <= has.memory,
  };
}

export function capacityInWords({ reserved, has, rolling, fits }: Capacity): string {
  const when = rolling.length > 0 ? `while ${rolling.join(', ')} roll` : 'with all tasks';
  const cpus = `${round(reserved.cpus / 1e9)} of ${round(has.cpus / 1e9)} CPU`;
  const memory = `${round(reserved.memory / 2 ** 30)} of ${round(has.memory / 2 ** 30)} GiB`;
  return `capacity ${when}: ${cpus} and ${memory} are reserved${fits ? '' : '; DOES NOT FIT: tasks would stay Pending'}`;
}

const round = (amount: number) => Math.round(amount * 100) / 100;
const times = ({ nanoCpus, memoryBytes }: DeclaredService, tasks: number): Amount => ({
  cpus: nanoCpus * tasks,
  memory: memoryBytes * tasks,
});
const extra = (service: DeclaredService): Amount =>
  times(service, Math.min(service.parallelism || service.replicas, service.replicas));
const sum = (parts: readonly Amount[]): Amount =>
  parts.reduce((a, b) => ({ cpus: a.cpus + b.cpus, memory: a.memory + b.memory }), { cpus: 0, memory: 0 });
