import { type Amount, baseline, fits, largest, sum, surge } from '../../constructs/units/capacity';
import { amountInWords, type CapacityFacts, findHomeless, type Homeless } from '../preflight/capacity';
import { type DeclaredService, rollingOf } from '../stack/synthesized';
import type { ReadablePlan } from './changes/model';

/** What is reserved at the worst moment of a deploy, and what the nodes have. */
export interface Capacity {
  /** Nano-CPUs and bytes. */
  readonly reserved: Amount;
  readonly has: Amount;
  /** The services whose rolls make it so. */
  readonly rolling: readonly string[];
  readonly fits: boolean;
  /** There is room on all nodes together, and for this task on none. */
  readonly homeless?: Homeless;
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
  const base = sum([others, baseline(declared.map(rollingOf))]);
  const waves = new Map<number, DeclaredService[]>();
  for (const service of declared.filter(({ id, startFirst }) => startFirst && rolls(id))) {
    waves.set(service.wave, [...(waves.get(service.wave) ?? []), service]);
  }
  const has = sum(nodes);
  const surges = [...waves.values()].map((wave) => ({ wave, amount: surge(wave.map(rollingOf)) }));
  // Whichever resource it is that a wave brings nearer to its end.
  const share = ({ amount }: { amount: Amount }) =>
    Math.max(amount.cpus / (has.cpus || 1), amount.memory / (has.memory || 1));
  const worst = largest(surges, share);
  const reserved = sum([base, ...(worst ? [worst.amount] : [])]);
  const together = fits(base, has) && surges.every(({ amount }) => fits(sum([base, amount]), has));
  const homeless = together ? findHomeless(nodes, declared) : undefined;
  return {
    reserved,
    has,
    rolling: worst?.wave.map(({ id }) => id) ?? [],
    fits: together && !homeless,
    ...(homeless ? { homeless } : {}),
  };
}

export function capacityInWords({ reserved, has, rolling, fits, homeless }: Capacity): string {
  const when = rolling.length > 0 ? `while ${rolling.join(', ')} roll` : 'with all tasks';
  const cpus = `${round(reserved.cpus / 1e9)} of ${round(has.cpus / 1e9)} CPU`;
  const memory = `${round(reserved.memory / 2 ** 30)} of ${round(has.memory / 2 ** 30)} GiB`;
  return `capacity ${when}: ${cpus} and ${memory} are reserved${fits ? '' : noRoom(homeless)}`;
}

const round = (amount: number) => Math.round(amount * 100) / 100;

/** That tasks cannot be divided among nodes is certain only of one that is too large for each. */
function noRoom(homeless: Homeless | undefined): string {
  if (!homeless) return '; DOES NOT FIT: tasks would stay Pending';
  const { id, tooLarge } = homeless;
  return `; DOES NOT FIT on any one node: a task of ${id}, with ${amountInWords(homeless)}, ${tooLarge ? 'would' : 'may'} stay Pending`;
}
