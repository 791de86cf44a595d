import type { ReadablePlan } from '../plan/changes/model';
import { leavesBand, paceInWords, rollSecondsOf } from '../records/pace';
import type { SynthesizedStack } from '../stack/synthesized';
import type { Deployed } from './record';

/** Rolls that took much longer or shorter than the last ones: an image that starts otherwise, a node that is at its limit. */
export const offPace = (
  { services }: Pick<Deployed, 'services'>,
  plan: Pick<ReadablePlan, 'services'>,
  { settings }: Pick<SynthesizedStack, 'settings'>,
): string[] =>
  services.flatMap((row) => {
    const pace = plan.services.find(({ service }) => service === row.service)?.pace;
    const seconds = rollSecondsOf(row, settings.observeSeconds?.[row.service]);
    if (!pace || seconds === undefined || !leavesBand(pace, seconds)) return [];
    return [`${row.service} took ${seconds} s to roll; ${paceInWords(pace)}`];
  });
