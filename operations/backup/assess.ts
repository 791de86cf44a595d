import type { BackupReport, ListedBackup, ListedDrill } from '../../contract/backup';
import type { BackupSettings } from '../../contract/backup-settings';
import { formatAge } from '../terminal/quantities';
import { lastDue } from './cron';
import type { BackupFacts } from './facts';
import { anotherRepository } from './known';
import { endOf } from './report';
import type { StoppedWriters } from './writers';

/** How backups are, as `./proctor status --json` and `backup list --json` have it. Fields are only ever added. */
export interface BackupStatus {
  /** There is one, none is late, the newest was restored and checked, and nothing failed since. */
  readonly ok: boolean;
  /** Where they go. */
  readonly to: string;
  readonly newest: ListedBackup | null;
  readonly count: number;
  readonly drilled: ListedDrill | null;
  /** Up to when changes are in it, where a log is copied. */
  readonly restorableTo: string | null;
  /** What is not as it should be, each with what to do. */
  readonly problems: readonly string[];
}

/** A run at its time may take as long before anybody calls it late. */
const GRACE_MS = 60 * 60_000;
const DRILL_GRACE_MS = 6 * GRACE_MS;
/** Who drills by hand is told after so long. */
const DRILL_BY_HAND_MS = 31 * 24 * GRACE_MS;

/** @param now in milliseconds, by the server's clock */
export function assessBackup(settings: BackupSettings, facts: BackupFacts, now: number): BackupStatus {
  const { backups = [], drilled, checked, restorable = [], unfinished = [] } = facts.list ?? {};
  const [newest] = backups;
  const to = restorable[0]?.to;
  const elsewhere = facts.list ? anotherRepository(settings, facts.known, facts.list) : [];
  const problems = [
    ...(facts.unknown === undefined ? [] : [`backups could not be looked at: ${facts.unknown}`]),
    ...(facts.stopped ? [interruption(facts.stopped, now)] : []),
    ...(unfinished.length > 0
      ? [
          `a restore left ${unfinished.join(', ')} half in place: ./proctor backup restore into the platform again finishes it`,
        ]
      : []),
    ...elsewhere,
    // What it advises would make another one.
    ...(facts.list && (newest || elsewhere.length === 0) ? lateness(settings, newest, now) : []),
    ...failures(facts, newest),
    ...(checked && !checked.ok
      ? [
          `the last check found damage: ${checked.error ?? 'see what it says'}: ./proctor backup check says what to do`,
        ]
      : []),
    ...(facts.list && newest ? drillProblems(settings, drilled, now) : []),
    ...(facts.list && newest ? gaps(settings, [newest.time, ...(to ? [to] : [])].sort().at(-1)!, now) : []),
  ];
  return {
    ok: problems.length === 0,
    to: settings.to,
    newest: newest ?? null,
    count: backups.length,
    drilled: drilled ?? null,
    restorableTo: to ?? null,
    problems,
  };
}

const interruption = ({ replicas, since }: StoppedWriters, now: number): string =>
  `${Object.keys(replicas).join(', ')} ${Object.keys(replicas).length === 1 ? 'was' : 'were'} stopped ${formatAge(now - Date.parse(since))} ago for a restore that has not ended: run it again, which goes on with it and starts them`;

function lateness({ schedule }: BackupSettings, newest: ListedBackup | undefined, now: number): string[] {
  if (!newest) return ['there is no backup yet: ./proctor backup now'];
  const due = lastDue(schedule, now - GRACE_MS);
  return due !== undefined && Date.parse(newest.time) < due
    ? [
        `the newest backup is ${formatAge(now - Date.parse(newest.time))} old, and one was due ${formatAge(now - due)} ago: ./proctor backup now says why there is none`,
      ]
    : [];
}

/** The last run of each kind, where it failed and nothing newer is there. */
function failures({ runs }: BackupFacts, newest: ListedBackup | undefined): string[] {
  const last = new Map<string, BackupReport>();
  for (const run of runs) last.set(run.backup, run);
  return [...last.values()]
    .filter(({ ok, backup }) => !ok && backup !== 'restore')
    .filter((run) => run.backup !== 'now' || !newest || Date.parse(newest.time) < endOf(run))
    .map(({ backup, error = 'nobody knows why', advice }) =>
      [`the last ${NAMES[backup] ?? backup} failed: ${error}`, ...(advice ? [advice] : [])].join(': '),
    );
}

const NAMES: Readonly<Record<string, string>> = { now: 'backup', ship: 'copy of the log' };

function drillProblems({ drill }: BackupSettings, drilled: ListedDrill | undefined, now: number): string[] {
  if (!drilled) return ['no backup was ever restored and checked: ./proctor backup drill'];
  if (!drilled.ok) {
    return [`the last drill failed${drilled.error ? `: ${drilled.error}` : ''}: ./proctor backup drill`];
  }
  const due = drill === undefined ? now - DRILL_BY_HAND_MS : lastDue(drill, now - DRILL_GRACE_MS);
  return due !== undefined && Date.parse(drilled.time) < due
    ? [
        `the last drill was ${formatAge(now - Date.parse(drilled.time))} ago, and one was due: ./proctor backup drill`,
      ]
    : [];
}

/** Half as long again as may be lost, since the last copy or the backup. */
function gaps({ rpoSeconds }: BackupSettings, last: string, now: number): string[] {
  const age = now - Date.parse(last);
  if (rpoSeconds === undefined || age <= rpoSeconds * 1500) return [];
  return [
    `the log was last copied ${formatAge(age)} ago, and at most ${formatAge(rpoSeconds * 1000)} were to be lost: docker service logs of the backup says why`,
  ];
}
