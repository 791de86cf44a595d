import type { Run } from '../node/agent';
import { IMAGES, SERVICE } from '../scenario/spec';
import { beyond } from '../swarm/records';
import { applicationOf, settingsOf } from './build';
import type { Deployed } from './deploy';
import { every, type MigrationIngredient, the } from './ingredients';
import { isByHand, isMigration, runsOf } from './job';
import { TIDY_MS } from './play';
import { isLost, isOld, jobsAt, type PlayedMigration, serviceSpans } from './truth';
import { againstFalseAlarm, againstWords, CUT_OFF } from './words';

/** All in which the tool was wrong about a migration, or left something; empty where it was not. */
export function migrationDisagreements(played: PlayedMigration): string[] {
  const all = [...played.deploys, played.next];
  return [
    ...againstEarly(played),
    ...againstTwice(played),
    ...againstStopping(played),
    ...all.flatMap((told) => [
      ...againstThrown(told),
      ...againstSuccess(played, told),
      ...againstRolled(played, told),
      ...againstLeft(played, told),
      ...againstContainers(played, told),
      ...againstBound(played, told),
      ...againstFalseAlarm(played, told),
      ...againstWords(played, told),
    ]),
    ...againstFailure(played),
  ].map((why) => `migration: ${why}`);
}

function againstThrown({ thrown }: Deployed): string[] {
  return thrown === undefined
    ? []
    : [`the tool itself failed: ${thrown instanceof Error ? thrown.stack : String(thrown)}`];
}

/** The application never rolls before its migration has succeeded. */
function againstEarly(played: PlayedMigration): string[] {
  const done = runsOf(played.world, isMigration).filter(({ code, to }) => code === 0 && to !== undefined);
  return [...played.world.store.serviceLog.values()].flat().flatMap(({ at, record }) => {
    const isNew =
      record?.spec.Name === SERVICE && record.spec.TaskTemplate.ContainerSpec.Image === IMAGES.new;
    return isNew && !done.some(({ to }) => to! <= at)
      ? ['the application rolled, and no migration had succeeded']
      : [];
  });
}

/** It is never said to have succeeded where its last run did not. */
function againstSuccess({ world }: PlayedMigration, { step, verdict, rolledAt }: Deployed): string[] {
  if (step?.code !== 0) return [];
  const own = runsOf(world, isMigration).filter(
    ({ task, from }) => step.made.includes(task.serviceId) && from <= step.ended!,
  );
  const last = own.at(-1);
  const found: string[] = [];
  if (!last) found.push('it succeeded, and no program of it ever ran');
  else if (last.to === undefined || last.to > step.ended!)
    found.push('it succeeded, and its program still ran');
  else if (last.code !== 0) found.push(`it succeeded, and its last run ended with ${last.code}`);
  return found.map(
    (why) => `${why}${rolledAt === undefined ? '' : ', and the application rolled'} (${verdict})`,
  );
}

/** Where it failed the application stays as it was. */
function againstRolled({ world, deploys, next }: PlayedMigration, told: Deployed): string[] {
  const { step, rolledAt, verdict } = told;
  if (!step || step.code === 0) return [];
  const found: string[] = [];
  if (rolledAt !== undefined) found.push('it did not succeed, and the application was rolled');
  if (verdict === 'success') found.push('it did not succeed, and the deploy said that it did');
  const until = told.ended ?? step.ended ?? step.began;
  const bySomebody = [...deploys, next].some((other) => other !== told && (other.rolledAt ?? until) < until);
  const changes = serviceSpans(world, SERVICE).filter(({ at }) => at >= told.began && at <= until);
  if (changes.length > 0 && !bySomebody) found.push('it did not succeed, and the application was written');
  return found;
}

/** One program of it at a time, but where a node is lost and nobody can know. */
function againstTwice(played: PlayedMigration): string[] {
  const runs = runsOf(played.world, isMigration);
  const overlap = (one: Run, other: Run) => other.from < (one.to ?? Number.POSITIVE_INFINITY);
  return runs.flatMap((one, at) =>
    runs
      .slice(at + 1)
      .filter(
        (other) =>
          overlap(one, other) &&
          !isLost(played, one.node, other.from) &&
          ![one, other].some((run) => isByForce(played, run)),
      )
      .map(({ from }) => `it ran twice at the same time, ${from - one.from} ms after it began`),
  );
}

/** Whoever removes a job by hand knows no more of its program, which still has to stop or, on an older engine, runs on. */
const isByForce = ({ scenario, deployAt, world }: PlayedMigration, { task }: Run): boolean => {
  const gone = world.store.serviceLog.get(task.serviceId)?.find(({ record }) => !record)?.at;
  return every(scenario, 'removed').some(({ at }) => deployAt + at === gone);
};

/** What somebody runs by hand meanwhile is not stopped. */
function againstStopping(played: PlayedMigration): string[] {
  const { scenario, world } = played;
  const ms = the(scenario, 'byHand')?.ms;
  const hindered = every(scenario, 'engine', 'nodeCut', 'leader', 'drain').length > 0;
  if (ms === undefined || hindered) return [];
  return runsOf(world, isByHand).flatMap(({ from, to }) =>
    to !== undefined && to - from < ms ? ['a run by hand was stopped'] : [],
  );
}

/** After its end, and after the next run at the latest, nothing of it is there, but on a node that is lost. */
function againstLeft(played: PlayedMigration, told: Deployed): string[] {
  const { world, next } = played;
  const { step, ended } = told;
  if (!step || ended === undefined || step.ended === undefined) return [];
  // It could not even ask; the next run is for that.
  if (told !== next && isCutOff(step.errors)) return [];
  const at = step.ended;
  // Of another deploy that was at work at the same time.
  const others = [...played.deploys, next].filter(
    (other) => other !== told && other.began <= at && step.began <= (other.ended ?? other.actor.diedAt ?? at),
  );
  const isOthers = (id: string) => others.some(({ step: own }) => own?.made.includes(id));
  const found = jobsAt(world, at)
    .filter(({ id }) => !isOthers(id) && !isOld(played, at))
    .map(() => 'its end left a job');
  for (const run of runsOf(world, isMigration)) {
    const runs = run.from <= at && at < (run.to ?? Number.POSITIVE_INFINITY);
    if (!runs || isOthers(run.task.serviceId)) continue;
    if (!isLost(played, run.node, at) && !isByForce(played, run))
      found.push('its end left a program that runs');
  }
  for (const [, log] of world.store.taskLog) {
    const task = log.filter((entry) => entry.at <= at).at(-1)?.record;
    if (!task || !isMigration(task.template) || isOthers(task.serviceId)) continue;
    const waits = !beyond(task.status.state, 'running') && task.desired !== 'remove';
    const byHand = every(played.scenario, 'removed').length > 0;
    if (waits && !byHand && !(task.nodeId && isLost(played, task.nodeId, at)))
      found.push(`its end left a task that is ${task.status.state}`);
  }
  return found;
}

const isCutOff = (errors: readonly string[]): boolean => errors.some((text) => CUT_OFF.test(text));

/** No container either, on the node that is asked: an older engine keeps that of a task that failed. */
function againstContainers(played: PlayedMigration, told: Deployed): string[] {
  const { world, scenario } = played;
  const { step } = told;
  if (step?.ended === undefined) return [];
  // Whoever is silent does not tell, and who removes by hand takes along what would be asked.
  const hindered = every(scenario, 'trouble', 'removed', 'nodeCut', 'engine', 'leader').length > 0;
  if (hindered || isCutOff(step.errors)) return [];
  return runsOf(world, isMigration)
    .filter(({ task, node }) => step.made.includes(task.serviceId) && node === world.asks)
    .filter(({ goneAt = Number.POSITIVE_INFINITY }) => goneAt > step.ended! + TIDY_MS)
    .map(() => 'its end left a container');
}

/** For what is found first: an earlier run's job, which has its grace period. */
const STOP_SECONDS = 45;
const START_SECONDS = 60;
const PULL_SECONDS = 900;
/** A server that is out of reach is waited for so long, and each silent answer costs 20 s. */
const LOST_SECONDS = 140;
const ANSWERS = 16;

function againstBound({ scenario, endedAt }: PlayedMigration, told: Deployed): string[] {
  if (told.actor.killed) return [];
  if (told.ended === undefined) return ['the deploy did not end'];
  const { step } = told;
  if (!step) return [];
  const bad = every(scenario, 'trouble', 'leader', 'engine', 'nodeCut').length > 0;
  const slow = every(scenario, 'trouble').map(({ trouble: { kind, ms = 0 } }) =>
    ['silent', 'mute'].includes(kind) ? 20 : kind === 'late' ? (2 * ms) / 1000 : 0,
  );
  const pulls = every(scenario, 'slowPull').map(({ ms }) => Math.min(PULL_SECONDS, ms / 1000));
  const stops = Math.min(10, (the(scenario, 'stops')?.ms ?? 300) / 1000);
  const bound =
    2 * (STOP_SECONDS + stops) +
    2 * START_SECONDS +
    // On a node that is lost a pull goes on, as far as anybody knows.
    Math.max(0, ...pulls, every(scenario, 'nodeCut').length > 0 ? PULL_SECONDS : 0) +
    settingsOf(scenario).timeoutSeconds +
    (bad ? LOST_SECONDS : 0) +
    ANSWERS * Math.max(0, ...slow);
  // An answer takes so long that each look is one.
  const late = Math.max(0, ...slow) > 0 && slow.length > 0 ? settingsOf(scenario).timeoutSeconds : 0;
  const took = ((step.ended ?? endedAt) - step.began) / 1000;
  return took <= bound + late ? [] : [`it took ${took} s, and should be over within ${bound + late} s`];
}

/** Ingredients with which a migration goes well. */
const HARMLESS = new Set<MigrationIngredient['kind']>([
  'other',
  'nodes',
  'oldEngine',
  'timeout',
  'stops',
  'slowPull',
  'byHand',
]);
/** What it takes where nothing else is said, and what a slow node adds. */
const USUAL_SECONDS = 4;

function againstFailure({ scenario, deploys, next, world }: PlayedMigration): string[] {
  const fine = scenario.ingredients.every(
    (one) =>
      HARMLESS.has(one.kind) ||
      (one.kind === 'takes' && one.ms / 1000 < settingsOf(scenario).timeoutSeconds - 2),
  );
  if (!fine || settingsOf(scenario).timeoutSeconds < USUAL_SECONDS) return [];
  if (every(scenario, 'other').length > 0) {
    const isDone = deploys.some(({ step }) => step?.code === 0);
    return isDone ? [] : ['nothing went wrong, and of deploys at the same time none went through'];
  }
  const found: string[] = [];
  for (const { step } of deploys) {
    if (step?.code !== 0) found.push(`nothing went wrong: ${step?.errors.join(' ')}`);
  }
  if (next.step) found.push('it ran again, though nothing had changed');
  if (runsOf(world, isMigration).length !== 1) found.push('it ran more than once');
  return found;
}

export const applicationIs = applicationOf;
