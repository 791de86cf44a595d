import { ROOT, SCRIPT_FILES, SCRIPTS, SECRET_FILES } from '../../contract/backup';
import { ACCESS_KEY_ID, REPOSITORY_PASSWORD, SECRET_ACCESS_KEY, SFTP_KEY } from '../catalogue/backup';
import type { BackupSpec, BackupTarget } from '../catalogue/spec/backup';
import {
  type ConfigMount,
  type Construct,
  Healthcheck,
  type IConstruct,
  literal,
  type Mount,
  type OverlayNetwork,
  type Resources,
  type SecretMount,
  SwarmConfig,
  SwarmService,
  UpdatePolicy,
} from '../swarm';
import { Duration, type ImageRef } from '../units';
import { BACKUP, REPOSITORY } from '../units/backup';
import { type BackupSettingsProps, backupEnvironment, KNOWN_HOSTS } from './settings';

export interface BackupProps extends Omit<BackupSettingsProps, 'keep'> {
  readonly image: ImageRef;
  readonly limits: Resources;
  readonly reservations: Resources;
  readonly network: OverlayNetwork;
  readonly otherNetworks: readonly OverlayNetwork[];
  readonly spec: BackupSpec;
  /** Of what has the data. */
  readonly constraints: readonly string[];
  readonly secrets: readonly SecretMount[];
  /** The config that holds launch.sh. */
  readonly launcher: SwarmConfig;
  /** The text of one of `SCRIPT_FILES`. */
  readonly script: (name: string) => string;
}

const SCRIPT = `${SCRIPTS}/${SCRIPT_FILES[0]}`;
const SCHEDULE = '/schedule';

/** Each night; the drill each Sunday, when the night's is done. */
const NIGHTLY = '15 3 * * *';
const WEEKLY = '45 4 * * 0';

/** What is run when, as in cron. */
export function schedulesOf({ spec, backends }: Pick<BackupProps, 'spec' | 'backends'>) {
  const { schedule = NIGHTLY, drill = WEEKLY } = spec;
  const rpo = backends[0]?.source.rpo;
  return {
    times: { now: schedule, ...(drill === false ? {} : { drill }) },
    ...(rpo ? { shipSeconds: shipSeconds(rpo) } : {}),
  };
}

/** From one copy's beginning to the next's: it has ended, too, before `rpo` is over. */
const shipSeconds = (rpo: Duration): number =>
  Math.max(Math.floor(rpo.toSeconds() / 2), rpo.toSeconds() - 60);

/**
 * What makes the platform's backups: a loop that never ends by itself. It is healthy while the loop runs, whatever became
 * of the last backup: a bucket that is out of reach must not fail a deploy, and `./proctor status` tells it.
 */
export function backupService(
  scope: Construct,
  props: BackupProps,
  after: readonly IConstruct[],
): SwarmService {
  const schedule = new SwarmConfig(scope, 'backup_schedule', { content: props.script('schedule.sh') });
  const scripts = SCRIPT_FILES.map((name) => ({
    config: new SwarmConfig(scope, `backup_${name.replace(/\.sh$/, '')}`, {
      content: props.script(`backup/${name}`),
    }),
    target: `${SCRIPTS}/${name}`,
  }));
  const { times, shipSeconds: every } = schedulesOf(props);
  const region = props.target.kind === 's3' ? props.target.region : undefined;
  return new SwarmService(
    scope,
    BACKUP,
    {
      image: props.image,
      limits: props.limits,
      reservations: props.reservations,
      network: props.network,
      otherNetworks: props.otherNetworks,
      replicas: 1,
      // One that writes at a time; going back is fine, for any version reads what another wrote.
      updatePolicy: UpdatePolicy.stopFirst({ failureAction: 'rollback' }),
      constraints: props.constraints,
      command: ['/bin/sh', '/launch'],
      args: [
        ...backupEnvironment({ ...props, keep: props.spec.keep ?? {} }).map(
          ([name, value]) => `${name}=${literal(value)}`,
        ),
        ...(region ? [`AWS_DEFAULT_REGION=${region}`] : []),
        '--',
        '/bin/sh',
        SCHEDULE,
        '--first=now',
        ...(every === undefined ? [] : [`--every=${every}=ship`]),
        ...Object.entries(times).map(([command, at]) => `${at}=${command}`),
        '--',
        '/bin/sh',
        SCRIPT,
      ],
      secrets: props.secrets,
      configs: [
        { config: props.launcher, target: '/launch', mode: 0o555 },
        { config: schedule, target: SCHEDULE },
        ...scripts,
        ...knownHosts(scope, props.target),
      ],
      // What it works with is in /backup, which the image makes a volume of the container's own.
      mounts: [
        ...repositoryMounts(props.target),
        ...props.volumes.map(volumeMount),
        { type: 'tmpfs', target: '/tmp' },
      ],
      readOnlyRoot: true,
      capDrop: ['ALL'],
      // Files of volumes are their owners'; the database of a drill is mysql's.
      capAdd: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID'],
      healthcheck: Healthcheck.command(
        ['/bin/sh', SCHEDULE, '--healthy', SCRIPT, '--', 'restic', 'mariadb', 'mariadb-dump', 'mariadbd'],
        { startPeriod: Duration.seconds(10), interval: Duration.seconds(10), timeout: Duration.seconds(10) },
      ),
      // The launcher's, whatever the image says.
      stopSignal: 'SIGTERM',
      // What is being written is left, and the next run goes on from what is there.
      stopGracePeriod: Duration.seconds(30),
      acknowledge: props.spec.acknowledge ?? {},
    },
    after,
  );
}

const volumeMount = (name: string): Mount => ({
  type: 'volume',
  name,
  target: `${ROOT}/volumes/${name}`,
  readOnly: true,
});

function knownHosts(scope: Construct, target: BackupTarget): ConfigMount[] {
  if (target.kind !== 'sftp') return [];
  const content = `${target.knownHosts.trim()}\n`;
  return [{ config: new SwarmConfig(scope, 'backup_known_hosts', { content }), target: KNOWN_HOSTS }];
}

function repositoryMounts(target: BackupTarget): Mount[] {
  switch (target.kind) {
    case 's3':
    case 'sftp':
      return [];
    case 'volume':
      return [{ type: 'volume', name: target.volume, target: REPOSITORY, labelled: false }];
    case 'folder':
      return [{ type: 'bind', source: target.path, target: REPOSITORY }];
  }
}

/** The file in which the scripts look for each secret of the repository. */
export const SECRET_FILE: Readonly<Record<string, string>> = {
  [REPOSITORY_PASSWORD]: SECRET_FILES.repository,
  [ACCESS_KEY_ID]: SECRET_FILES.s3KeyId,
  [SECRET_ACCESS_KEY]: SECRET_FILES.s3Key,
  [SFTP_KEY]: SECRET_FILES.sftpKey,
};
