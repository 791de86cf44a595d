import type { BackupSettings } from '../../contract/backup-settings';
import type { Need } from '../policy/need';
import type { BackupFacts } from './facts';
import { proofInWords, trustIn } from './trust';

/** A service whose data a plan risks. */
export interface Risked {
  /** As in the catalogue. */
  readonly service: string;
  /** What may not be undone. */
  readonly risks: readonly string[];
  /** It is in no catalogue any more, so that nothing says what backups have of it. */
  readonly removed?: boolean;
}

export interface BackupPolicy {
  /** The needs of the plan; those that risk data say what backup there is. */
  readonly needs: readonly Need[];
  /** Data that is at risk, and has no backup that is believed. */
  readonly refusals: readonly string[];
}

/**
 * What backups make of a plan that risks data: where the catalogue has some, one that was restored and checked has to be
 * there, and the acknowledgement names it; where it has none, that is said.
 *
 * @param facts undefined where the server could not be asked
 * @param now in milliseconds, by the server's clock
 */
export function judgeByBackups(
  needs: readonly Need[],
  risked: readonly Risked[],
  settings: BackupSettings | undefined,
  facts: BackupFacts | undefined,
  now: number,
): BackupPolicy {
  const refusals: string[] = [];
  const words = new Map<string, string>();
  for (const { service, risks, removed } of risked) {
    if (risks.length === 0) continue;
    if (!settings) words.set(service, 'the catalogue has no backups: docs/data.md');
    else if (!(service in settings.covers) && !removed) words.set(service, 'no backup has its data');
    else {
      const trust = trustIn(settings, service, facts, now);
      if ('proof' in trust) words.set(service, proofInWords(trust.proof));
      else refusals.push(`${service}: ${risks[0]}; ${trust.why}: ${WAY_OUT}`);
    }
  }
  return {
    refusals,
    needs: needs.map((need) => {
      const said = words.get(need.name);
      return said === undefined ? need : { ...need, why: `${need.why}; ${said}` };
    }),
  };
}

const WAY_OUT =
  "./proctor backup now, then ./proctor backup drill, then deploy again; an older one is believed where the catalogue's backup says a longer maxAge";
