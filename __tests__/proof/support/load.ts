import { underLoad as ask } from '../../e2e/support/load';
import { type Kept, Ledger } from './ledger';

export interface Counted extends Kept {
  readonly requests: number;
  readonly failed: number;
  readonly kinds: Readonly<Record<string, number>>;
  /** In which one service answered nobody. */
  readonly longestGapSeconds: number;
  readonly gapOf: string;
}

/** Clients of all services and a ledger of rows while `work` is under way; what they saw comes with what it returned. */
export async function underLoad<T>(work: () => Promise<T>): Promise<readonly [T, Counted]> {
  const { result, load, seen } = await ask([new Ledger()], work);
  const { requests, failed, kinds, longestGap } = load;
  const gap = { longestGapSeconds: longestGap.milliseconds / 1000, gapOf: longestGap.service };
  return [result, { requests, failed, kinds, ...gap, ...seen[0] }];
}
