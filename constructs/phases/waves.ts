/** What a service's roll needs on top of what runs, and what is free for it; in nano-cores and bytes. */
export interface Need {
  readonly cpus: number;
  readonly memory: number;
}

/**
 * Groups services, in their order, so that each group's rolls fit together into what the node has free. A service that
 * fits nowhere gets a group of its own; the capacity rule then refuses the platform.
 */
export function waves<T>(items: readonly T[], need: (item: T) => Need, free: Need): T[][] {
  const result: T[][] = [];
  let left: Need = { cpus: -1, memory: -1 };
  for (const item of items) {
    const { cpus, memory } = need(item);
    const current = result.at(-1);
    if (current && cpus <= left.cpus && memory <= left.memory) {
      current.push(item);
      left = { cpus: left.cpus - cpus, memory: left.memory - memory };
    } else {
      result.push([item]);
      left = { cpus: free.cpus - cpus, memory: free.memory - memory };
    }
  }
  return result;
}
