import { type Amount, fits, minus } from '../units/capacity';

/**
 * Groups services, in their order, so that each group's rolls fit together into what the node has free. A service that
 * fits nowhere gets a group of its own; the capacity rule then refuses the platform.
 *
 * @param need what a service's roll needs on top of what runs
 */
export function waves<T>(items: readonly T[], need: (item: T) => Amount, free: Amount): T[][] {
  const result: T[][] = [];
  let left = free;
  for (const item of items) {
    const needed = need(item);
    const current = result.at(-1);
    if (current && fits(needed, left)) {
      current.push(item);
      left = minus(left, needed);
    } else {
      result.push([item]);
      left = minus(free, needed);
    }
  }
  return result;
}
