import { hostKeyOf, strangeLineOf } from '../host/known-hosts';
import type { Duration } from '../units';
import { BACKUP } from '../units/backup';
import { parseCron } from '../units/schedule/cron';
import { applicationsOf } from './applications';
import type { BackupSource } from './spec/backend';
import type { BackupTarget, KeepSpec } from './spec/backup';
import type { EnvironmentSpec } from './spec/environment';
import type { PlatformSpec } from './spec/platform';
import type { SecretSpec } from './spec/secret';

export const REPOSITORY_PASSWORD = 'backup_repository_password';
export const ACCESS_KEY_ID = 'backup_access_key_id';
export const SECRET_ACCESS_KEY = 'backup_secret_access_key';
export const SFTP_KEY = 'backup_sftp_key';

/** What a repository is opened with. A bucket's own keys are as long as who gave them made them. */
const SECRETS: Readonly<Record<string, SecretSpec>> = {
  [REPOSITORY_PASSWORD]: {
    minLength: 16,
    description: 'password of the backups: without it nobody reads them, ever',
  },
  [ACCESS_KEY_ID]: { minLength: 3, description: "id of the key of the backups' bucket" },
  [SECRET_ACCESS_KEY]: { minLength: 8, description: "key of the backups' bucket" },
  [SFTP_KEY]: {
    minLength: 100,
    description: "private key of the login at the backups' server, no passphrase",
  },
};

const OF_THE_BUCKET = 'whoever runs the bucket gives you';

/** Where the values come from that nobody can make up. */
export const ORIGINS: Readonly<Record<string, string>> = {
  [ACCESS_KEY_ID]: OF_THE_BUCKET,
  [SECRET_ACCESS_KEY]: OF_THE_BUCKET,
  [SFTP_KEY]: "ssh-keygen -t ed25519 -N '' -f backup_sftp makes, with all its lines, in single quotes",
};

/** What opens with a secret's value, and was made with it. */
export const OPENS: Readonly<Record<string, string>> = { [REPOSITORY_PASSWORD]: 'the backups' };

/** The secrets that a place of backups asks for. */
export function secretsFor({ kind }: BackupTarget): string[] {
  switch (kind) {
    case 's3':
      return [REPOSITORY_PASSWORD, ACCESS_KEY_ID, SECRET_ACCESS_KEY];
    case 'sftp':
      return [REPOSITORY_PASSWORD, SFTP_KEY];
    case 'volume':
    case 'folder':
      return [REPOSITORY_PASSWORD];
  }
}

const environmentsOf = (spec: PlatformSpec): [string, EnvironmentSpec<string>][] =>
  Object.entries(spec.environments as Record<string, EnvironmentSpec<string>>);

/**
 * The catalogue as an environment with backups has it: with their secrets. Who declares one himself, for its `command` for
 * example, keeps what he says; but none is optional here.
 */
export function withBackupSecrets(spec: PlatformSpec, environment: string): PlatformSpec {
  const target = environmentsOf(spec).find(([id]) => id === environment)?.[1].backupTo;
  if (!target) return spec;
  const own = spec.secrets as Readonly<Record<string, SecretSpec>>;
  const needed = secretsFor(target).map((name): [string, SecretSpec] => [
    name,
    { ...SECRETS[name], ...own[name], optional: false },
  ]);
  return { ...spec, secrets: { ...own, ...Object.fromEntries(needed) } };
}

/** A backend's data in the backups. */
export interface BackedUpBackend {
  readonly id: string;
  readonly source: BackupSource;
  /** The id of the secret that its account logs in with. */
  readonly secret: string;
}

/** The backends that the environment backs up. */
export function backedUpBackends(spec: PlatformSpec, environment: string): BackedUpBackend[] {
  if (!environmentsOf(spec).some(([id, { backupTo }]) => id === environment && backupTo)) return [];
  return Object.entries(spec.backends ?? {}).flatMap(([id, backend]) => {
    const source = backend.backup?.(id);
    const secret = `${source?.password.from}_${id.replaceAll('-', '_')}_${BACKUP}`;
    return source ? [{ id, source, secret }] : [];
  });
}

/** Volumes of applications that are backed up, without the platform's name, with who writes them. */
export const backedUpVolumes = (spec: PlatformSpec): { application: string; name: string }[] =>
  applicationsOf(spec).flatMap(([application, { sharedVolumes = [] }]) =>
    sharedVolumes.filter(({ backup }) => backup).map(({ name }) => ({ application, name })),
  );

/** Whether anything of the catalogue concerns backups, so that names are taken by them. */
export const speaksOfBackups = (spec: PlatformSpec): boolean =>
  spec.backup !== undefined || environmentsOf(spec).some(([, { backupTo }]) => backupTo !== undefined);

/** Facts about backups that types cannot see. */
export function backupErrors(spec: PlatformSpec): string[] {
  if (!speaksOfBackups(spec)) return [];
  const { schedule, drill, keep = {}, maxAge } = spec.backup ?? {};
  return [
    ...Object.entries(spec.backends ?? {})
      .filter(([id, backend]) => backend.backup?.(id))
      .slice(1)
      .map(
        ([id]) =>
          `${id} is the second backend that is backed up\n  leave its backup out: one is all that is supported`,
      ),
    ...Object.entries(spec.backends ?? {}).flatMap(([id, backend]) =>
      rpoErrors(id, backend.backup?.(id)?.rpo),
    ),
    ...scheduleErrors('backup.schedule', schedule),
    ...scheduleErrors('backup.drill', drill === false ? undefined : drill),
    ...keepErrors(keep),
    ...(maxAge !== undefined && maxAge.toSeconds() < 60
      ? [`backup.maxAge is ${maxAge}, less than a backup and its drill take\n  write an hour or more`]
      : []),
    ...environmentsOf(spec).flatMap(([id, { backupTo }]) =>
      (backupTo ? targetErrors(backupTo) : []).map((error) => `environment "${id}": ${error}`),
    ),
  ];
}

/** What `schedule.sh` reads: numbers, lists, ranges and steps, and no names. */
const FIELD = /^(\*|\d{1,2}(-\d{1,2})?(,\d{1,2}(-\d{1,2})?)*)(\/\d{1,2})?$/;

function scheduleErrors(word: string, schedule: string | undefined): string[] {
  if (schedule === undefined) return [];
  const fields = schedule.split(' ');
  if (fields.length === 5 && fields.every((field) => FIELD.test(field))) {
    try {
      parseCron(schedule);
      return [];
    } catch (error) {
      return [`${word}: ${(error as Error).message}`];
    }
  }
  return [
    `${word} is ${JSON.stringify(schedule)}\n  write minute, hour, day, month and day of the week: '15 3 * * *'`,
  ];
}

const rpoErrors = (id: string, rpo: Duration | undefined): string[] =>
  rpo !== undefined && rpo.toSeconds() < 60
    ? [`${id}: rpo is ${rpo}, less than a copy of the log takes\n  write a minute or more`]
    : [];

function keepErrors(keep: KeepSpec): string[] {
  const counts = Object.entries(keep as Record<string, number>);
  const wrong = counts.filter(([, count]) => !Number.isInteger(count) || count < 0 || count > 1000);
  if (wrong.length > 0) {
    return wrong.map(
      ([word, count]) => `backup.keep.${word} is ${count}\n  write a whole number from 0 to 1000`,
    );
  }
  // The last ones are kept unless somebody says otherwise.
  return keep.last === 0 && !counts.some(([, count]) => count > 0)
    ? ['backup.keep keeps nothing\n  keep at least one: { last: 3 }']
    : [];
}

function targetErrors(target: BackupTarget): string[] {
  switch (target.kind) {
    case 's3': {
      const { endpoint, bucket, folder = '', region = '' } = target;
      return [
        ...(/^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?\/?$/.test(endpoint)
          ? []
          : [
              `backupTo.endpoint is ${JSON.stringify(endpoint)}\n  write where it answers, without the bucket: 'https://s3.example.com'`,
            ]),
        ...(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)
          ? []
          : [
              `backupTo.bucket is ${JSON.stringify(bucket)}\n  write the name of a bucket: lower-case letters, digits and -`,
            ]),
        ...(/^([\w.-]+(\/[\w.-]+)*)?$/.test(folder)
          ? []
          : [
              `backupTo.folder is ${JSON.stringify(folder)}\n  write letters, digits, -, _, . and / between them`,
            ]),
        ...(/^[\w-]*$/.test(region)
          ? []
          : [`backupTo.region is ${JSON.stringify(region)}\n  write its id: 'eu-central-1'`]),
      ];
    }
    case 'sftp':
      return sftpErrors(target);
    case 'volume':
      return /^[A-Za-z0-9][\w.-]*$/.test(target.volume)
        ? []
        : [
            `backupTo.volume is ${JSON.stringify(target.volume)}\n  write the name of a volume, without the platform's`,
          ];
    case 'folder':
      return /^\/[^:\0,]*[^/:\0,]$/.test(target.path)
        ? []
        : [
            `backupTo.path is ${JSON.stringify(target.path)}\n  write the absolute path of a folder of the node: '/srv/backups'`,
          ];
  }
}

function sftpErrors(target: BackupTarget & { kind: 'sftp' }): string[] {
  const { host, port = 22, user, folder = 'a', knownHosts } = target;
  const wrong = [
    ...(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(host)
      ? []
      : [
          `backupTo.host is ${JSON.stringify(host)}\n  write a name or an IPv4 address, without user and port`,
        ]),
    ...(Number.isInteger(port) && port > 0 && port < 65_536
      ? []
      : [`backupTo.port is ${port}\n  write a number from 1 to 65535`]),
    ...(/^[A-Za-z_][\w.-]*$/.test(user)
      ? []
      : [
          `backupTo.user is ${JSON.stringify(user)}\n  write the name of an account: letters, digits, -, _ and .`,
        ]),
    ...(/^\/?[\w.-]+(\/[\w.-]+)*$/.test(folder)
      ? []
      : [
          `backupTo.folder is ${JSON.stringify(folder)}\n  write letters, digits, -, _, . and / between them`,
        ]),
  ];
  if (wrong.length > 0) return wrong;
  const scan = `what \`ssh-keyscan -p ${port} ${host}\` prints, and hold its fingerprint against the one that the provider publishes`;
  const line = strangeLineOf(knownHosts);
  // A line may be a private key's, and is not shown.
  if (line !== undefined) {
    return [`backupTo.knownHosts: line ${line} is no host key, or half of one\n  write ${scan}`];
  }
  return hostKeyOf(knownHosts, host, port) === undefined
    ? [`backupTo.knownHosts has no key of ${port === 22 ? host : `[${host}]:${port}`}\n  write ${scan}`]
    : [];
}
