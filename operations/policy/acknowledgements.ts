import type { Need } from './need';

/** What the policy makes of a plan. */
export interface PolicyDecision {
  readonly passes: boolean;
  readonly missing: readonly Need[];
  readonly acknowledged: readonly Need[];
  /** Names that were acknowledged and that nothing asked for. */
  readonly unused: readonly string[];
  readonly refusals: readonly string[];
}

export function judgeNeeds(
  { needs, refusals }: { readonly needs: readonly Need[]; readonly refusals: readonly string[] },
  given: readonly string[],
): PolicyDecision {
  const missing = needs.filter(({ name }) => !given.includes(name));
  return {
    passes: missing.length === 0 && refusals.length === 0,
    missing,
    acknowledged: needs.filter(({ name }) => given.includes(name)),
    unused: given.filter((name) => !needs.some((need) => need.name === name)),
    refusals,
  };
}
