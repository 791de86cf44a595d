/**
 * What the backup container is told, and what it says. The scripts are `constructs/assets/backup/*.sh`; the image has them
 * at `SCRIPTS`, and a run is `/bin/sh /opt/backup/backup.sh <command> [option]…`.
 */

/** Where the scripts are in the container. */
export const SCRIPTS = '/opt/backup';

/** Files of `constructs/assets/backup/`, all of which are needed at `SCRIPTS`; the first is the one to run. */
export const SCRIPT_FILES = [
  'backup.sh',
  'common.sh',
  'repository.sh',
  'keys.sh',
  'databases.sh',
  'dump.sh',
  'restore.sh',
  'scratch.sh',
  'ship.sh',
  'volumes.sh',
] as const;

/**
 * A folder of the container: `mariadb/` and `scratch/` are made in it, `volumes/<name>` are the volumes to back up (read-only for
 * all commands but `restore`). Needs one and a half times the room of all databases, uncompressed; two times and 192 MiB for
 * `drill`, three times and the log for `restore --at`. What has less is refused before the first byte, and a tenth of its disk,
 * at most 5 GiB, stays free: databases live on it, too.
 * Nothing in it outlives a run.
 */
export const ROOT = '/backup';

/** Names of files in `/run/secrets` (`BACKUP_SECRETS` names another folder). */
export const SECRET_FILES = {
  /** What the repository is encrypted with. Without it no backup can be read. */
  repository: 'repository_password',
  /** Of the account in `BACKUP_DB_USER`. */
  database: 'database_password',
  /** S3 alone. */
  s3KeyId: 's3_key_id',
  s3Key: 's3_key',
  /** SFTP alone: a private key, without a passphrase. */
  sftpKey: 'sftp_key',
} as const;

/** Environment of the container. Nothing here is secret. */
export interface BackupEnvironment {
  /** Which platform this is; a repository of another one is refused. */
  readonly BACKUP_PLATFORM: string;
  /**
   * As restic writes it: `/repository` (a folder that is mounted), `s3:https://host/bucket/path`, `sftp://user@host:port/path`
   * (from the folder of the login; with `//path` from the root).
   */
  readonly BACKUP_REPOSITORY: string;
  /** SFTP alone: the file with the lines of known_hosts. */
  readonly BACKUP_KNOWN_HOSTS?: string;
  /** Names with spaces between. @default none: volumes alone */
  readonly BACKUP_DATABASES?: string;
  /** Names with spaces between, each mounted at `/backup/volumes/<name>`. @default none */
  readonly BACKUP_VOLUMES?: string;
  /** @default 'mariadb' */
  readonly BACKUP_DB_HOST?: string;
  /** @default '3306' */
  readonly BACKUP_DB_PORT?: string;
  /** The account of `backupGrants`; for `restore` that of `restoreGrants`. @default 'backup' */
  readonly BACKUP_DB_USER?: string;
  /** How many of each are kept, as `restic forget` counts them. @default 7 of days, 4 of weeks, 6 of months where none is said */
  readonly BACKUP_KEEP_LAST?: string;
  readonly BACKUP_KEEP_HOURLY?: string;
  readonly BACKUP_KEEP_DAILY?: string;
  readonly BACKUP_KEEP_WEEKLY?: string;
  readonly BACKUP_KEEP_MONTHLY?: string;
  readonly BACKUP_KEEP_YEARLY?: string;
  /** Of how many backups, the newest, the binary log that goes on from them is kept, through all that came between. @default '7' */
  readonly BACKUP_KEEP_BINLOG?: string;
  /** What is read back after each upload, before anything older goes: `all` of the new backup, or its `manifest`. @default 'all' */
  readonly BACKUP_READ_BACK?: 'all' | 'manifest';
  /** Seconds in which the repository and MariaDB must answer. @default '60' */
  readonly BACKUP_PATIENCE?: string;
}

/**
 * Commands of the script; `restore` and `drill` take options. `opens` and `add-key` read another password of the repository from
 * standard input: whether it opens with that, and that it is to.
 */
export type BackupCommand =
  | 'now'
  | 'ship'
  | 'list'
  | 'look'
  | 'check'
  | 'restore'
  | 'drill'
  | 'unlock'
  | 'opens'
  | 'add-key';

/**
 * Options: `now [--empty]` (also where nothing is left of what the last backup had), `now --before-restore`, `restore [--at TIME]
 * [--snapshot ID] [--into scratch|platform] [--database NAME]… [--volume NAME]… [--of PLATFORM] [--room BYTES]`, `restore --finish`
 * (finishes what another one left half in place, and undoes what was not in place), `restore --discard` (drops what earlier restores
 * left beside), `drill [--snapshot ID] [--serve SECONDS]`.
 *
 * `--room` is what MariaDB's volume has free: a restore that needs more is refused before it begins. A backup of `now
 * --before-restore` is taken by its id alone, is no newest one, counts for nothing in what is kept, and makes nothing go; of these
 * the three newest are kept.
 *
 * `--into scratch` (the default) leaves each database as `restore_<name>` beside the one in use, and each volume in its folder
 * `restore_<snapshot>`; `--into platform`, which takes volumes by name alone, puts it in
 * its place, and what was there is `replaced_<name>` until `--discard` or the next restore. TIME is ISO 8601 with a zone.
 */
export const RESTORED = 'restore_';
export const REPLACED = 'replaced_';

/**
 * `drill --serve`: the throw-away server is on the network once it was checked, without any account; who asked for it makes
 * accounts by the socket, starts applications, and writes into `STARTED` `ok <name>…`, or what is wrong.
 */
export const SERVING = 'the restored databases are served';
export const STARTED = `${ROOT}/work-drill/started`;
export const SCRATCH_SOCKET = `${ROOT}/work-drill/scratch/s`;
export const SCRATCH_PORT = 3306;

/** What went wrong, for programs; `error` and `advice` say it to people. */
export type BackupFault =
  /** The environment, a secret file or a program is not there, or the arguments are wrong. */
  | 'settings'
  /** The repository does not answer, refuses the key of S3 or SFTP, or shows a host key that is not known. */
  | 'unreachable'
  /** No repository is there. `now` makes one; the others say this. */
  | 'no-repository'
  /** The repository password is not its own. */
  | 'wrong-key'
  | 'other-platform'
  /** No room in the repository, in the work folder or in MariaDB's volume. */
  | 'full'
  /** What is stored cannot be read back whole. */
  | 'damaged'
  /** Another run is at work, or one was killed less than half an hour ago. */
  | 'locked'
  /** MariaDB does not answer, refuses the account or a statement. */
  | 'database'
  /** A dump or an upload did not come to its end. */
  | 'cut-off'
  /** What was restored is not what was recorded when the backup was made. */
  | 'differs'
  /** The rows are as recorded, and an application that was started on them is not well. */
  | 'application'
  /** There is nothing to back up, where the last backup had something: a server that has lost its data, or a new one. */
  | 'empty'
  /** No backup, or none that has this time, database or volume. */
  | 'no-backup'
  /** A piece of the binary log is missing, or is another server's: time before the next backup cannot be restored. */
  | 'gap'
  /** Sessions hold the tables that are to be replaced. */
  | 'writers'
  /** A restore into the platform was cut off with something half in place: the next one finishes it. */
  | 'unfinished'
  /** SIGTERM or SIGINT. */
  | 'interrupted'
  | 'unknown';

export interface BackedUpDatabase {
  /** Base tables and sequences. */
  readonly tables: number;
  readonly rows: number;
}

/** The one line on standard output with which every command ends. The exit status is 0 where `ok`, else 1, 64 or 78. */
export interface BackupReport {
  readonly backup: BackupCommand;
  readonly platform: string;
  /** ISO 8601, UTC, as all times here. */
  readonly started: string;
  readonly seconds: number;
  readonly ok: boolean;
  /** Id of what was made, restored or drilled. */
  readonly snapshot?: string;
  /** `now`, `ship`: bytes of the backup; `restore`, `drill`: bytes of the dumps that were read in. */
  readonly bytes?: number;
  /** Bytes that the repository grew by. */
  readonly added?: number;
  /** A repository was made, since none was there. */
  readonly created?: boolean;
  /** Backups removed by the keep policy. */
  readonly removed?: number;
  readonly databases?: Readonly<Record<string, BackedUpDatabase>>;
  readonly volumes?: readonly string[];
  /** `drill --serve`: what was started on the restored databases, and was well. */
  readonly applications?: readonly string[];
  /** `restore --at`, `ship`: up to when changes are in it. */
  readonly upto?: string;
  /** `restore`: where each database is now. */
  readonly into?: 'scratch' | 'platform';
  /** `list`: which repository it is, wherever it lies; hexadecimal. */
  readonly repository?: string;
  /** `list`: newest first. */
  readonly backups?: readonly ListedBackup[];
  /** `list`: of what restores have replaced, newest first. */
  readonly beforeRestores?: readonly ListedBackup[];
  /** `list`: what a restore has left half in place; volumes after the word `volume`. @default nothing */
  readonly unfinished?: readonly string[];
  /** `list`: the newest drill. */
  readonly drilled?: ListedDrill;
  /** `list`: the newest check that came to its end. */
  readonly checked?: ListedCheck;
  /** `list`: `--at` takes a time of these, newest first. */
  readonly restorable?: readonly TimeSpan[];
  /** `look`: what each volume has. */
  readonly holds?: Readonly<Record<string, VolumeState>>;
  /** `opens`: whether the repository opens with the password that was given. */
  readonly opens?: boolean;
  /** What is good to know, and keeps nothing from being right. */
  readonly warnings?: readonly string[];
  readonly fault?: BackupFault;
  /** What is wrong, in one line. */
  readonly error?: string;
  /** What to do. */
  readonly advice?: string;
}

/** `moving`: what a restore has read is being put in place, and the next restore ends that. `restored`: one has done so. */
export type VolumeState = 'empty' | 'files' | 'moving' | 'restored';

export interface ListedBackup {
  readonly snapshot: string;
  readonly time: string;
  readonly bytes: number;
  readonly databases: readonly string[];
  readonly volumes: readonly string[];
}

export interface ListedCheck {
  readonly time: string;
  readonly ok: boolean;
  readonly error?: string;
}

export interface ListedDrill {
  readonly time: string;
  readonly ok: boolean;
  readonly snapshot?: string;
  readonly error?: string;
}

export interface TimeSpan {
  readonly from: string;
  readonly to: string;
}

/** A GRANT: `privileges` ON `on` TO the account. */
export interface Grant {
  readonly privileges: readonly string[];
  /** `*.*`, a database, or a table of the server's own (`mysql.proc`), not quoted. */
  readonly on: string;
}

/**
 * What the account that `now` and `ship` use may do: read. RELOAD is for the moment in which all dumps take the same
 * snapshot (BACKUP STAGE) and to begin a new binary log; BINLOG MONITOR and REPLICATION SLAVE are for the binary log, and
 * `mysql.proc` has the bodies of functions and procedures. `proctor_restore` says whether a restore is half in place,
 * `proctor_provision` which rows are of schema files.
 */
export const backupGrants = (databases: readonly string[], ships: boolean): Grant[] => [
  { privileges: ['RELOAD', 'BINLOG MONITOR', ...(ships ? ['REPLICATION SLAVE'] : [])], on: '*.*' },
  { privileges: ['SELECT'], on: 'mysql.proc' },
  { privileges: ['SELECT'], on: 'proctor_restore' },
  { privileges: ['SELECT'], on: 'proctor_provision' },
  ...databases.map((on) => ({ privileges: ['SELECT', 'SHOW VIEW', 'TRIGGER', 'EVENT'], on })),
];

/**
 * What the account that `restore` uses may do. Make it for the restore, and drop it afterwards. It needs what it restores,
 * and the accounts that views, triggers, routines and events are defined by (SET USER). What is only beside is kept out of the
 * binary log (BINLOG ADMIN).
 */
export const restoreGrants = (databases: readonly string[]): Grant[] => [
  {
    privileges: ['RELOAD', 'PROCESS', 'SET USER', 'READ_ONLY ADMIN', 'BINLOG MONITOR', 'BINLOG ADMIN'],
    on: '*.*',
  },
  { privileges: ['SELECT'], on: 'mysql.proc' },
  ...databases
    .flatMap((name) => [name, RESTORED + name, REPLACED + name])
    .concat('proctor_restore')
    .map((on) => ({ privileges: ['ALL PRIVILEGES'], on })),
];

/** What `mariadbd` is started with where the binary log is shipped; a change restarts it. */
export const SHIPPING_ARGS = [
  '--log-bin=binlog',
  '--binlog-format=ROW',
  '--sync-binlog=1',
  // Else who makes a function needs SUPER; rows are logged, not what a function might do.
  '--log-bin-trust-function-creators=ON',
  '--binlog-expire-logs-seconds=259200',
] as const;
