import { type BackupEnvironment, SCRIPTS } from '../../contract/backup';
import type { BackedUpBackend } from '../catalogue/backup';
import type { BackupTarget, KeepSpec } from '../catalogue/spec/backup';
import { REPOSITORY } from '../units/backup';

/** What the backup works with. */
export interface BackupSettingsProps {
  /** The platform's, which a repository is made for. */
  readonly namespace: string;
  readonly target: BackupTarget;
  readonly keep: KeepSpec;
  readonly backends: readonly BackedUpBackend[];
  /** Named volumes, without the platform's name. */
  readonly volumes: readonly string[];
}

/** The file in the container. */
export const KNOWN_HOSTS = `${SCRIPTS}/known_hosts`;

const KEEP: Required<KeepSpec> = { last: 3, daily: 7, weekly: 5, monthly: 6 };

/** What the scripts are told, in a fixed order; what is not said has the scripts' own default. */
export function backupEnvironment(props: BackupSettingsProps): [keyof BackupEnvironment, string][] {
  const { last, daily, weekly, monthly } = { ...KEEP, ...props.keep };
  const [backend] = props.backends;
  return [
    ['BACKUP_PLATFORM', props.namespace],
    ['BACKUP_REPOSITORY', repositoryOf(props.target, props.namespace)],
    ...(props.target.kind === 'sftp'
      ? [['BACKUP_KNOWN_HOSTS', KNOWN_HOSTS] as [keyof BackupEnvironment, string]]
      : []),
    ...(backend ? databaseOf(backend) : []),
    ...(props.volumes.length > 0
      ? [['BACKUP_VOLUMES', props.volumes.join(' ')] as [keyof BackupEnvironment, string]]
      : []),
    ['BACKUP_KEEP_LAST', String(last)],
    ['BACKUP_KEEP_DAILY', String(daily)],
    ['BACKUP_KEEP_WEEKLY', String(weekly)],
    ['BACKUP_KEEP_MONTHLY', String(monthly)],
  ];
}

function databaseOf({ source }: BackedUpBackend): [keyof BackupEnvironment, string][] {
  const { username, hostname, port } = new URL(source.url);
  return [
    ['BACKUP_DATABASES', source.databases.join(' ')],
    ['BACKUP_DB_HOST', hostname],
    ['BACKUP_DB_PORT', port],
    ['BACKUP_DB_USER', username],
  ];
}

/** As restic writes it. */
function repositoryOf(target: BackupTarget, namespace: string): string {
  switch (target.kind) {
    case 's3': {
      const { endpoint, bucket, folder = namespace } = target;
      return `s3:${endpoint.replace(/\/$/, '')}/${bucket}/${folder}`;
    }
    case 'sftp': {
      const { user, host, port = 22, folder = namespace } = target;
      return `sftp://${user}@${host}${port === 22 ? '' : `:${port}`}/${folder}`;
    }
    case 'volume':
    case 'folder':
      return REPOSITORY;
  }
}

/** For people. */
export function targetInWords(target: BackupTarget, namespace: string): string {
  switch (target.kind) {
    case 's3':
      return repositoryOf(target, namespace).replace(/^s3:https?:\/\//, '');
    case 'sftp':
      return repositoryOf(target, namespace);
    case 'volume':
      return `the volume ${namespace}_${target.volume}`;
    case 'folder':
      return `the folder ${target.path}`;
  }
}
