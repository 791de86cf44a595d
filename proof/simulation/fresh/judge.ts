import { canonical } from '../../../operations/docker/standing';
import type { Scenario } from '../scenario/ingredients';
import { SERVICE } from '../scenario/spec';
import type { ServiceRecord } from '../swarm/records';
import { recordAt } from '../swarm/store';
import { type PlayedRecord, playRecord } from './play';
import { stateOf } from './state';

/**
 * In what a record, or the look at it, was not true: what is called fresh, a refresh would have found exactly as the state
 * has it; and what nobody has touched is not read again.
 */
export async function againstFreshness(scenario: Scenario): Promise<string[]> {
  const played = await playRecord(scenario);
  if (!played) return [];
  const { inState, recordedAt, lookedAt, why } = played;
  if (recordedAt === undefined) return [];
  const then = serviceThen(played, recordedAt);
  if (!isAsInState(then, inState)) return ['fresh: recorded what is not as in the state'];
  if (lookedAt === undefined) return [];
  const now = serviceThen(played, lookedAt);
  if (why === undefined && !isAsInState(now, inState)) return ['fresh: a refresh would have found a change'];
  const untouched = now !== undefined && canonical(now.spec) === canonical(then?.spec);
  return why !== undefined && untouched ? [`fresh: nobody has changed anything, and it says ${why}`] : [];
}

const isAsInState = (record: ServiceRecord | undefined, inState: ServiceRecord): boolean =>
  record !== undefined && stateOf(record) === stateOf(inState);

/** As it was at the time of which an answer told. */
function serviceThen({ world }: PlayedRecord, at: number): ServiceRecord | undefined {
  for (const log of world.store.serviceLog.values()) {
    const record = recordAt(log, at);
    if (record?.spec.Name === SERVICE) return record;
  }
  return undefined;
}
