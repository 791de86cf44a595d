import type { Need } from '../../policy/need';
import { formatSeconds } from '../../terminal/quantities';
import type { ObjectChange, ServiceChange } from './model';
import { movesInWords } from './ports';

/** What a deploy of this plan does only when it was acknowledged by name: downtime, and what may cost data. */
export function needsOf(services: readonly ServiceChange[], objects: readonly ObjectChange[]): Need[] {
  return [
    ...services
      .filter(({ downtime, risks }) => downtime || risks.length > 0)
      .map((change) => ({ name: change.service, why: whyOf(change) })),
    ...objects.filter(({ risk }) => risk).map(({ kind, name, what }) => ({ name, why: `${kind}: ${what}` })),
  ];
}

function whyOf(change: ServiceChange): string {
  const { action, downtime, downtimeSeconds, whoWaits, risks } = change;
  const wait = `${whoWaits ? `${whoWaits} wait` : 'DOWNTIME'} about ${formatSeconds(downtimeSeconds)}`;
  const first = { destroy: 'it is REMOVED', replace: `it is REPLACED, ${wait}` }[action as string] ?? wait;
  return [...(downtime ? [...movesInWords(change), first] : []), ...risks].join('; ');
}
