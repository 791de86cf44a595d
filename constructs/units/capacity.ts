/** What tasks reserve, or what is there for them: nano-CPUs and bytes. */
export interface Amount {
  readonly cpus: number;
  readonly memory: number;
}

export const NOTHING: Amount = { cpus: 0, memory: 0 };

/** A service, as far as its rolls need room. */
export interface Rolling {
  /** Of one task. */
  readonly task: Amount;
  readonly replicas: number;
  /** New tasks run beside the old ones. */
  readonly startFirst: boolean;
  /** Tasks replaced at once; Docker reads 0 as all. */
  readonly parallelism: number;
}

export const sum = (amounts: readonly Amount[]): Amount =>
  amounts.reduce((a, b) => ({ cpus: a.cpus + b.cpus, memory: a.memory + b.memory }), NOTHING);

export const times = ({ cpus, memory }: Amount, count: number): Amount => ({
  cpus: cpus * count,
  memory: memory * count,
});

export const minus = (from: Amount, taken: Amount): Amount => ({
  cpus: from.cpus - taken.cpus,
  memory: from.memory - taken.memory,
});

export const fits = (amount: Amount, into: Amount): boolean =>
  amount.cpus <= into.cpus && amount.memory <= into.memory;

/** What all replicas reserve while nothing rolls. */
export const baseline = (services: readonly Rolling[]): Amount =>
  sum(services.map(({ task, replicas }) => times(task, replicas)));

/** Tasks that run beside the old ones while it rolls: `parallelism` where it is start-first. */
export const surgeTasks = ({ replicas, startFirst, parallelism }: Omit<Rolling, 'task'>): number =>
  startFirst ? Math.min(parallelism || replicas, replicas) : 0;

/** What a roll of these services at the same time reserves on top. */
export const surge = (services: readonly Rolling[]): Amount =>
  sum(services.map((service) => times(service.task, surgeTasks(service))));

/** The first of those that have the most of something. */
export const largest = <T>(items: readonly T[], amount: (item: T) => number): T | undefined =>
  items.reduce<T | undefined>(
    (best, item) => (best !== undefined && amount(best) >= amount(item) ? best : item),
    undefined,
  );

/**
 * Places tasks on nodes: those first that may be on the fewest, of them the largest, each where the least room is left that
 * holds it.
 *
 * @param may whether a task may be on a node, by its index. @default on each
 * @returns the first that finds no node; undefined when all have one
 */
export function firstHomeless<T extends Amount>(
  tasks: readonly T[],
  nodes: readonly Amount[],
  may: (task: T, node: number) => boolean = () => true,
): T | undefined {
  const total = sum(nodes);
  const weight = ({ cpus, memory }: Amount) =>
    Math.max(cpus / (total.cpus || 1), memory / (total.memory || 1));
  const free = [...nodes];
  const homes = (task: T) => nodes.filter((_, index) => may(task, index)).length;
  return [...tasks]
    .sort((a, b) => homes(a) - homes(b) || weight(b) - weight(a))
    .find((task) => {
      const at = largest(
        free.flatMap((room, index) => (may(task, index) && fits(task, room) ? [index] : [])),
        (index) => -weight(free[index]!),
      );
      if (at === undefined) return true;
      free[at] = minus(free[at]!, task);
      return false;
    });
}
