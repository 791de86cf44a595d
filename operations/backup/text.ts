import type { BackupReport, ListedBackup } from '../../contract/backup';
import { formatAge, formatSeconds, formatSize } from '../terminal/quantities';
import { table } from '../terminal/table';
import type { BackupStatus } from './assess';

/** What `./proctor backup list` prints. */
export function listLines(
  status: BackupStatus,
  { backups = [], beforeRestores = [], restorable = [] }: BackupReport,
  now: number,
  columns: number | undefined,
): string[] {
  const rows = backups.map((backup) => [
    backup.snapshot.slice(0, 8),
    minute(backup.time),
    formatAge(now - Date.parse(backup.time)),
    formatSize(backup.bytes),
    contents(backup),
    status.drilled?.snapshot && backup.snapshot.startsWith(status.drilled.snapshot.slice(0, 8))
      ? `${status.drilled.ok ? 'drilled' : 'DRILL FAILED'} ${formatAge(now - Date.parse(status.drilled.time))} ago`
      : '',
  ]);
  return [
    `${status.count} ${status.count === 1 ? 'backup' : 'backups'} in ${status.to}`,
    ...(rows.length > 0
      ? [
          '',
          ...table([['BACKUP', 'MADE', 'AGE', 'SIZE', 'HAS', 'DRILL'], ...rows], { columns, flexible: [4] }),
        ]
      : []),
    ...beforeRestores.map(
      ({ snapshot, time }) =>
        `${snapshot.slice(0, 8)}  ${minute(time)}  what a restore has replaced: --snapshot ${snapshot.slice(0, 8)}`,
    ),
    ...restorable.map(({ from, to }) => `any moment from ${minute(from)} to ${second(to)}: --at`),
    ...status.problems.map((problem) => `! ${problem}`),
  ];
}

const contents = ({ databases, volumes }: ListedBackup): string =>
  [
    ...(databases.length > 0 ? [`${databases.length} databases`] : []),
    ...volumes.map((name) => `volume ${name}`),
  ].join(', ');

/** In one line, for `./proctor status`. */
export function backupInWords(
  { newest, count, drilled, restorableTo, to }: BackupStatus,
  now: number,
): string {
  if (!newest) return `none in ${to}`;
  const ago = (time: string) => `${formatAge(now - Date.parse(time))} ago`;
  return [
    `newest ${ago(newest.time)}, ${formatSize(newest.bytes)}`,
    `${count} kept in ${to}`,
    ...(restorableTo ? [`log up to ${ago(restorableTo)}`] : []),
    drilled ? `${drilled.ok ? 'drilled' : 'DRILL FAILED'} ${ago(drilled.time)}` : 'never drilled',
  ].join('; ');
}

/** What a command did, in lines. */
export function reportLines(report: BackupReport): string[] {
  const { seconds, snapshot, bytes, added, databases = {}, volumes = [], removed, warnings = [] } = report;
  const names = Object.entries(databases);
  const rows = names.reduce((sum, [, one]) => sum + one.rows, 0);
  const tables = names.reduce((sum, [, one]) => sum + one.tables, 0);
  return [
    ...(report.ok
      ? [
          [
            `${DONE[report.backup] ?? report.backup}${snapshot ? ` ${snapshot.slice(0, 8)}` : ''} in ${formatSeconds(seconds)}`,
            ...(bytes === undefined ? [] : [formatSize(bytes)]),
            ...(added === undefined ? [] : [`${formatSize(added)} more in the repository`]),
            ...(removed ? [`${removed} older ones removed`] : []),
          ].join(', '),
        ]
      : [`FAILED after ${formatSeconds(seconds)}: ${report.error ?? 'nobody knows why'}`]),
    ...(report.advice ? [`  ${report.advice}`] : []),
    ...(names.length > 0 ? [`  ${names.length} databases, ${tables} tables, ${rows} rows`] : []),
    ...(volumes.length > 0 ? [`  volumes ${volumes.join(', ')}`] : []),
    ...(report.applications ? [`  started on it and well: ${report.applications.join(', ')}`] : []),
    ...(report.upto ? [`  with all changes up to ${second(report.upto)}`] : []),
    ...warnings.map((warning) => `  ! ${warning}`),
  ];
}

const DONE: Readonly<Record<string, string>> = {
  now: 'made the backup',
  check: 'the repository is whole: checked',
  drill: 'restored and checked the backup',
  restore: 'restored the backup',
  ship: 'copied the log',
  unlock: 'no lock of the repository is left',
};

const minute = (time: string): string => `${time.slice(0, 16).replace('T', ' ')} UTC`;
const second = (time: string): string => `${time.slice(0, 19).replace('T', ' ')} UTC`;
