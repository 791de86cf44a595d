import type { Run } from '../node/agent';
import { settingsOf } from './build';
import type { Deployed } from './deploy';
import { every } from './ingredients';
import { isMigration, runsOf } from './job';
import { isOld, type PlayedMigration } from './truth';

/** It could not ask the server. */
export const CUT_OFF =
  /vps\.example cannot be reached|vps\.example does not answer|does not run|has no leader/;

/** Between an end and who looks, and what a poll more or less is. */
const LOOK_SECONDS = 2;
/** What is asked of its end before it is stopped, of somebody who may be silent. */
const EVIDENCE_SECONDS = 25;

/** What is said of an end has to have been so. */
export function againstWords(played: PlayedMigration, { step }: Deployed): string[] {
  if (!step) return [];
  const text = step.errors.join('\n');
  const own = runsOf(played.world, isMigration).filter(({ task }) => step.made.includes(task.serviceId));
  return [...claimsOf(played, own)].flatMap(([words, isSo]) => {
    const found = words.exec(text);
    return found && !isSo(found) ? [`said "${found[0]}", which was not so`] : [];
  });
}

/** What Swarm knew to have ended well before it was stopped is not said to have failed. */
export function againstFalseAlarm(played: PlayedMigration, { step }: Deployed): string[] {
  const { world, scenario } = played;
  const text = step?.errors.join('\n') ?? '';
  if (!step?.code || CUT_OFF.test(text) || isOld(played, step.ended!)) return [];
  // Who removes a job takes along how it ended.
  if (/was removed by somebody/.test(text) || every(scenario, 'removed').length > 0) return [];
  const look = LOOK_SECONDS + (every(scenario, 'trouble').length > 0 ? EVIDENCE_SECONDS : 0);
  return step.made.flatMap((id) => {
    const stopped = world.store.serviceLog.get(id)?.[1]?.at ?? Number.POSITIVE_INFINITY;
    // The first: on a node that is drained Swarm makes another of one that failed at once, which is nobody's wish.
    const first = [...world.store.taskLog.values()].find(([made]) => made?.record?.serviceId === id);
    const done = first?.find(({ record }) => record?.status.state === 'complete');
    return done && done.at + look * 1000 < stopped
      ? [`it failed, ${stopped - done.at} ms after its task was complete`]
      : [];
  });
}

type Claim = readonly [words: RegExp, isSo: (said: RegExpExecArray) => boolean];

function claimsOf({ scenario, deploys }: PlayedMigration, own: readonly Run[]): Claim[] {
  const has = (...kinds: Parameters<typeof every>[1][]) => every(scenario, ...kinds).length > 0;
  const { timeoutSeconds } = settingsOf(scenario);
  return [
    [/failed with status (\d+)/, ([, code]) => own.some((run) => run.code === Number(code))],
    [
      /was still running after/,
      () =>
        own.some(
          ({ from, to = Number.POSITIVE_INFINITY }) => to - from >= (timeoutSeconds - LOOK_SECONDS) * 1000,
        ) ||
        // As far as anybody knows who is not on that node.
        has('nodeCut') ||
        every(scenario, 'engine').some(({ node }) => node > 1),
    ],
    [/was removed by somebody/, () => has('removed', 'other') || deploys.length > 1],
    [/was lost with its node/, () => has('nodeCut', 'engine', 'leader')],
    [/was stopped(?: with status \d+)? after/, () => has('signal')],
    [/could not run/, () => has('noStart', 'noImage')],
    [
      /did not start/,
      () => has('unplaceable', 'slowPull', 'nodeCut', 'drain', 'engine', 'leader', 'trouble'),
    ],
    [CUT_OFF, () => has('trouble', 'leader', 'engine', 'nodeCut')],
    [/TypeError|ReferenceError|\bundefined\b|is not a function/, () => false],
  ];
}
