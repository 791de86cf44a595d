import type { RuleName } from '../../rules';
import type { Resources } from '../../swarm';
import type { Duration } from '../../units';

/** Backups of MariaDB and of named volumes: what of, is said there; when, how long and how it is proved, here. */
export interface BackupSpec {
  /**
   * The image that makes them: restic, and MariaDB's client and server.
   * @default 'ghcr.io/proctorwise/proctorwise-backup:1.0.0', made from `images/backup`
   * @example image: 'registry.example.com/proctorwise-backup:1.0.0'
   * @change restarts the backup, which nobody waits for
   */
  readonly image?: string;
  /**
   * What it may use at most. A drill runs a database in it.
   * @default one CPU, 768 MiB
   * @example limits: { cpus: Cpu.cores(0.5), memory: Memory.gibibytes(1) }
   * @change restarts the backup, which nobody waits for
   */
  readonly limits?: Resources;
  /**
   * What is kept free for it.
   * @default 0.05 CPU, 128 MiB
   * @example reservations: { cpus: Cpu.cores(0.1), memory: Memory.mebibytes(128) }
   * @change restarts the backup, which nobody waits for
   */
  readonly reservations?: Resources;
  /**
   * When one is made: minute, hour, day of the month, month and day of the week, as in cron, in UTC.
   * @default '15 3 * * *', each night
   * @example schedule: '15 *\/6 * * *'
   * @change restarts the backup, which nobody waits for
   */
  readonly schedule?: string;
  /**
   * How many are kept: the newest of so many days, weeks and months, and the last ones whatever their age. Nothing older
   * goes before a newer one is good.
   * @default { last: 3, daily: 7, weekly: 5, monthly: 6 }
   * @example keep: { daily: 14, monthly: 12 }
   * @change restarts the backup, which nobody waits for
   */
  readonly keep?: KeepSpec;
  /**
   * When the newest is restored into a throw-away server and checked, by itself; `false`: only by `./proctor backup drill`.
   * @default '45 4 * * 0', each Sunday
   * @example drill: '45 4 * * *'
   * @change restarts the backup, which nobody waits for
   */
  readonly drill?: string | false;
  /**
   * How young a backup has to be, and drilled, for a deploy that risks data. `./proctor backup now` and `./proctor backup drill` make
   * one.
   * @default 24 h
   * @example maxAge: Duration.hours(2)
   * @change restarts nothing
   */
  readonly maxAge?: Duration;
  /**
   * Rules that the backup breaks on purpose, each with the reason; the plan prints it.
   * @default none
   * @example acknowledge: { 'backup-elsewhere': 'the volume is one on the NAS' }
   * @change restarts nothing
   */
  readonly acknowledge?: Readonly<Partial<Record<RuleName, string>>>;
}

/** How many backups stay. */
export interface KeepSpec {
  /**
   * The newest, whatever their age.
   * @default 3
   * @example last: 5
   * @change restarts the backup, which nobody waits for
   */
  readonly last?: number;
  /**
   * The newest of each of so many days.
   * @default 7
   * @example daily: 14
   * @change restarts the backup, which nobody waits for
   */
  readonly daily?: number;
  /**
   * The newest of each of so many weeks.
   * @default 5
   * @example weekly: 8
   * @change restarts the backup, which nobody waits for
   */
  readonly weekly?: number;
  /**
   * The newest of each of so many months.
   * @default 6
   * @example monthly: 12
   * @change restarts the backup, which nobody waits for
   */
  readonly monthly?: number;
}

/** Where an environment's backups are: a bucket, a server with SFTP, a named volume or a folder of the node. */
export type BackupTarget =
  | {
      /**
       * A bucket of S3, or of what speaks like it.
       * @example kind: 's3'
       * @change restarts the backup; what is in the former place stays there
       */
      readonly kind: 's3';
      /**
       * Where it answers. A plain `http://` is taken, and sends cipher text and its signatures in the open.
       * @example endpoint: 'https://s3.eu-central-1.amazonaws.com'
       * @change restarts the backup; what is in the former place stays there
       */
      readonly endpoint: string;
      /**
       * The bucket, which has to exist.
       * @example bucket: 'acme-backups'
       * @change restarts the backup; what is in the former place stays there
       */
      readonly bucket: string;
      /**
       * A folder in it, one for each environment.
       * @default the environment's name
       * @example folder: 'exam/production'
       * @change restarts the backup; what is in the former place stays there
       */
      readonly folder?: string;
      /**
       * Of the bucket, where its signature needs one.
       * @default as the bucket says
       * @example region: 'eu-central-1'
       * @change restarts the backup, which nobody waits for
       */
      readonly region?: string;
    }
  | {
      /**
       * A folder of a server that speaks SFTP, as any with sshd does. It logs in with the key in `TF_VAR_backup_sftp_key`.
       * @example kind: 'sftp'
       * @change restarts the backup; what is in the former place stays there
       */
      readonly kind: 'sftp';
      /**
       * Its name or IPv4 address.
       * @example host: 'u123456.your-storagebox.de'
       * @change restarts the backup; what is in the former place stays there
       */
      readonly host: string;
      /**
       * Where its sshd listens.
       * @default 22
       * @example port: 23
       * @change restarts the backup; what is in the former place stays there
       */
      readonly port?: number;
      /**
       * Who logs in: an account for backups alone.
       * @example user: 'u123456'
       * @change restarts the backup; what is in the former place stays there
       */
      readonly user: string;
      /**
       * The folder, one for each environment; the first backup makes it. Below the folder of the login, unless it begins with `/`.
       * @default the environment's name
       * @example folder: '/srv/backups/production'
       * @change restarts the backup; what is in the former place stays there
       */
      readonly folder?: string;
      /**
       * Its host keys, as lines of known_hosts: what `ssh-keyscan -p 23 HOST` prints, once its fingerprints (`ssh-keygen -lf`) are those
       * that the provider publishes. A server that shows another key gets nothing.
       * @example knownHosts: '[u123456.your-storagebox.de]:23 ssh-ed25519 AAAA…'
       * @change restarts the backup, which nobody waits for
       */
      readonly knownHosts: string;
    }
  | {
      /**
       * A named volume of the node: one on a network, or the data and its backup are lost together.
       * @example kind: 'volume'
       * @change restarts the backup; what is in the former place stays there
       */
      readonly kind: 'volume';
      /**
       * Its name, without the platform's.
       * @example volume: 'backups'
       * @change restarts the backup; what is in the former place stays there
       */
      readonly volume: string;
    }
  | {
      /**
       * A folder of the node, which has to exist: a disk of its own, or what a network has mounted there.
       * @example kind: 'folder'
       * @change restarts the backup; what is in the former place stays there
       */
      readonly kind: 'folder';
      /**
       * Its path on the node.
       * @example path: '/srv/backups'
       * @change restarts the backup; what is in the former place stays there
       */
      readonly path: string;
    };
