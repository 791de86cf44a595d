import { secondsInWords } from './estimate';
import type { Need, ObjectChange, ReadablePlan, ServiceChange } from './model';

/** What a deploy of this plan does only when it was acknowledged by name: downtime, and what may cost data. */
export function needsOf(services: readonly ServiceChange[], objects: readonly ObjectChange[]): Need[] {
  return [
    ...services
      .filter(({ downtime, risks }) => downtime || risks.length > 0)
      .map((change) => ({ name: change.service, why: whyOf(change) })),
    ...objects.filter(({ risk }) => risk).map(({ kind, name, what }) => ({ name, why: `${kind}: ${what}` })),
  ];
}

function whyOf({ action, downtime, downtimeSeconds, whoWaits, risks }: ServiceChange): string {
  const wait = `${whoWaits ? `${whoWaits} wait` : 'DOWNTIME'} about ${secondsInWords(downtimeSeconds)}`;
  const first = { destroy: 'it is REMOVED', replace: `it is REPLACED, ${wait}` }[action as string] ?? wait;
  return [...(downtime ? [first] : []), ...risks].join('; ');
}

/** What the policy makes of a plan. */
export interface Verdict {
  readonly passes: boolean;
  readonly missing: readonly Need[];
  readonly acknowledged: readonly Need[];
  /** Names that were acknowledged and that nothing asked for. */
  readonly unused: readonly string[];
  readonly refusals: readonly string[];
}

export function judge(
  { needs, refusals }: Pick<ReadablePlan, 'needs' | 'refusals'>,
  given: readonly string[],
): Verdict {
  const missing = needs.filter(({ name }) => !given.includes(name));
  return {
    passes: missing.length === 0 && refusals.length === 0,
    missing,
    acknowledged: needs.filter(({ name }) => given.includes(name)),
    unused: given.filter((name) => !needs.some((need) => need.name === name)),
    refusals,
  };
}
