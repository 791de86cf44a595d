import type { ServiceRecord } from '../swarm/records';
import { type Entry, recordAt } from '../swarm/store';
import type { World } from '../world/world';
import { every } from './ingredients';
import { isMigration } from './job';
import type { PlayedMigration } from './play';

export type { PlayedMigration };

/** Migrations that there were at a time. */
export const jobsAt = ({ store }: World, at: number): ServiceRecord[] =>
  [...store.serviceLog.values()].flatMap((log) => {
    const record = recordAt(log, at);
    return record && isMigration(record.spec.TaskTemplate) ? [record] : [];
  });

/** When a service's specification was written. */
export const serviceSpans = ({ store }: World, name: string): Entry<ServiceRecord>[] =>
  [...store.serviceLog.values()]
    .filter((log) => log[0]?.record?.spec.Name === name)
    .flatMap((log) => log.filter(({ record }, at) => at > 0 && record?.spec !== log[at - 1]?.record?.spec));

/** For a node that is back to be told what it missed, and to stop it. */
const BACK_MS = 60_000;

/** Whether what is told at a time may be from before. */
export const isOld = (
  { scenario, deployAt }: Pick<PlayedMigration, 'scenario' | 'deployAt'>,
  at: number,
): boolean =>
  every(scenario, 'trouble').some(
    ({ trouble: { kind, from, to, ms = 0 } }) =>
      kind === 'stale' && deployAt + from <= at && at <= deployAt + to + ms,
  );

/** Whether a node could not be told, or not yet, at a time; or what is told of it is from before. */
export function isLost(played: PlayedMigration, node: string, at: number): boolean {
  if (isOld(played, at)) return true;
  return every(played.scenario, 'nodeCut').some((cut) => {
    const from = played.deployAt + cut.at;
    return `node${cut.node}` === node && from <= at && at <= from + cut.ms + BACK_MS;
  });
}
