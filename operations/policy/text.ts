import { oneLine } from '../terminal/untrusted';
import type { PolicyDecision } from './acknowledgements';

/** What the policy says, and how to go on. */
export function decisionLines({ missing, acknowledged, unused, refusals }: PolicyDecision): string[] {
  return [
    ...acknowledged.map(({ name, why }) => `acknowledged ${name}: ${why}`),
    ...unused.map((name) => `acknowledged ${name}, which this plan does not need`),
    ...refusals.map((text) => `REFUSED: ${text}`),
    ...missing.map(({ name, why }) => `STOPPED: ${name}: ${why}`),
    ...(missing.length > 0 ? [`  to let it through: ${acknowledgeWith(missing)}`] : []),
  ].map(oneLine);
}

const acknowledgeWith = (missing: PolicyDecision['missing']): string =>
  `ACKNOWLEDGE=${[...new Set(missing.map(({ name }) => name))].join(',')}`;
