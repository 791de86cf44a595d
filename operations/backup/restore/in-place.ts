import type { BackupReport } from '../../../contract/backup';
import type { BackupSettings } from '../../../contract/backup-settings';
import { SwarmClient } from '../../docker/swarm-client';
import { expectNobody, UnderWay } from '../../jobs/left';
import { formatAge } from '../../terminal/quantities';
import { gatherBackup } from '../facts';
import { backupJob } from '../job-names';
import type { BackupContext } from '../main';
import { runBackup } from '../run';
import { jobsOf, noteWriters, type StoppedWriters, startWriters, stopWriters } from '../writers';
import { type RestoreOptions, runRestoreJob } from './job';

/**
 * Replaces the platform's data: a backup of what is there, nobody who writes, the restore, and everybody again. Who writes
 * stays stopped where something may be half in place.
 *
 * @returns what the restore reports, also where that is a failure, or what failed around it
 * @throws {UnderWay} where somebody else is at one; where it is not known how it ended
 */
export async function restoreInPlace(options: RestoreOptions, context: BackupContext): Promise<BackupReport> {
  const { docker, settings, say } = context;
  const { stack } = options;
  const names = writersOf(settings, options).map((id) => `${stack}_${id}`);
  // One that is at work has stopped who writes, and made itself an account.
  await expectNobody(docker, backupJob(settings.service, 'restore'));
  const jobs = await jobsOf(docker, names);
  if (jobs.length > 0) {
    throw new Error(
      `${jobs.join(', ')} may write what is to be replaced\n  let it end, or end it by docker service rm, then run this again`,
    );
  }
  const plan = options.freshBackup ? await choose(options, context) : { chosen: options };
  const { chosen } = plan;
  let { before } = plan;
  if (chosen.freshBackup) {
    say('a backup of what is there, before it is replaced');
    const made = await runBackup({
      ...context,
      namespace: stack,
      service: settings.service,
      command: 'now',
      options: ['--before-restore'],
    });
    if (!made.ok) {
      const skip = 'where nothing of what is there is worth a backup: --skip-backup';
      return { ...made, advice: [made.advice, skip].filter(Boolean).join('\n  ') };
    }
    before = made.snapshot?.slice(0, 8);
    say(`it is ${before}, of which no other restore takes anything but by --snapshot ${before}`);
  }
  say(`stopping ${names.map((name) => name.slice(stack.length + 1)).join(', ')}`);
  const stopped = await noteWriters(docker, stack, names, { snapshot: chosen.snapshot, before });
  try {
    await stopWriters(docker, names);
  } catch (error) {
    await startAgain(options, context, stopped);
    throw error;
  }
  const ended = await runRestoreJob(chosen, context, 'platform').catch((error: Error) => error);
  // Who writes is stopped for the other one.
  if (ended instanceof UnderWay) throw ended;
  const failed = ended instanceof Error || !ended.ok;
  const half = failed ? await settle(options, context) : undefined;
  if (half !== undefined) {
    const advice = `${names.join(', ')} stay stopped, for what is there may be half of it: ${half}\n  mend that, then run this again, which finishes it first`;
    say(advice);
    if (ended instanceof Error) throw ended;
    return { ...ended, advice: [ended.advice, advice].filter(Boolean).join('\n  ') };
  }
  const missing = await startAgain(options, context, stopped);
  if (ended instanceof Error) throw ended;
  if (missing.length === 0 || failed) return ended;
  return {
    ...ended,
    ok: false,
    error: `the data is restored, and not all that was stopped came back: ${missing.join('; ')}`,
    advice: './proctor status says how they are, ./proctor deploy brings them back',
  };
}

/** What is to come back, and whether what is there is backed up first. */
interface Choice {
  readonly chosen: RestoreOptions;
  /** Of an earlier try, which was cut off. */
  readonly before?: string | undefined;
}

/** As it is before anything else is made: what is newest after that is a backup of the damage. */
async function choose(options: RestoreOptions, { docker, settings, say }: BackupContext): Promise<Choice> {
  // Of another platform's backups the job alone is told.
  if (options.of !== undefined) return { chosen: options };
  const { list, unknown, stopped } = await gatherBackup(docker, settings.service);
  if (!list) throw new Error(`the backups cannot be listed: ${unknown}\n  nothing was changed`);
  const { backups = [], unfinished = [] } = list;
  const before = stopped?.before;
  const freshBackup = before === undefined && unfinished.length === 0;
  if (unfinished.length > 0) say(`${unfinished.join(', ')}: half in place, which is finished first`);
  if (before !== undefined) say(`what was there has its backup: ${before}`);
  if (options.at !== undefined || options.snapshot !== undefined) {
    return { chosen: { ...options, freshBackup }, before };
  }
  const again = backups.find(({ snapshot }) => snapshot === stopped?.snapshot);
  const backup = again ?? backups[0];
  if (!backup) {
    throw new Error(`there is no backup in ${settings.to} that could come back\n  nothing was changed`);
  }
  const { snapshot, time } = backup;
  const age = formatAge(((await docker.clock()) ?? Date.now()) - Date.parse(time));
  say(`the backup ${snapshot} of ${time}, ${age} ago${again ? ', as in the restore that was cut off' : ''}`);
  return { chosen: { ...options, snapshot, freshBackup }, before };
}

/**
 * After a restore that failed or was killed: what was half in place is finished, what was not is undone.
 *
 * @returns why that is not so; undefined where everything is whole
 */
async function settle(options: RestoreOptions, context: BackupContext): Promise<string | undefined> {
  context.say('it failed: looking whether it left anything half in place');
  const ended = await runRestoreJob(options, context, 'finish').catch((error: Error) => error);
  if (ended instanceof UnderWay) throw ended;
  if (ended instanceof Error) return ended.message;
  return ended.ok ? undefined : (ended.error ?? 'nobody knows why');
}

/** @returns what did not come back */
async function startAgain(
  { stack, target }: RestoreOptions,
  { redactor, say }: BackupContext,
  stopped: StoppedWriters,
): Promise<string[]> {
  say('starting them again');
  const swarm = new SwarmClient({ ...target, redactor });
  try {
    const failed = await startWriters(swarm, stack, stopped, say);
    if (failed.length > 0)
      say(`not all came back:\n  ${failed.join('\n  ')}\n  ./proctor deploy brings them back`);
    return failed;
  } finally {
    swarm.close();
  }
}

/** Who writes what is to be replaced. */
function writersOf(
  { covers }: BackupSettings,
  { databases, volumes }: Pick<RestoreOptions, 'databases' | 'volumes'>,
): string[] {
  const all = databases.length + volumes.length === 0;
  const concerned = Object.values(covers).filter(
    (covered) =>
      (covered.databases && (all || databases.length > 0)) ||
      covered.volumes?.some((name) => volumes.includes(name)),
  );
  return [...new Set(concerned.flatMap(({ writers }) => writers))];
}
