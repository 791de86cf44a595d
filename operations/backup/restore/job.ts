import { type BackupReport, ROOT } from '../../../contract/backup';
import type { BackupSettings } from '../../../contract/backup-settings';
import type { TaskSpec } from '../../docker/answers';
import type { Docker } from '../../docker/client';
import { expectNobody } from '../../jobs/left';
import { parseDf } from '../../preflight/disk';
import { findContainer } from '../../provision/task';
import { backupJob } from '../job-names';
import type { BackupContext, BackupOptions } from '../main';
import { runBackup } from '../run';
import { type RestoreAccount, restoreAccount } from './account';

export interface RestoreOptions extends BackupOptions {
  /** ISO 8601 with a zone. @default the newest backup */
  readonly at?: string | undefined;
  readonly snapshot?: string | undefined;
  /** `scratch`, or the platform's own name. */
  readonly into: string;
  /** @default all */
  readonly databases: readonly string[];
  readonly volumes: readonly string[];
  /** Of another platform, whose repository this one now has. @default this one */
  readonly of?: string | undefined;
  /** Drops what earlier restores left beside. */
  readonly discard: boolean;
  /** A backup of what is to be replaced first. */
  readonly freshBackup: boolean;
}

/** What a job of the backup's command `restore` does. */
export type RestoreTask = 'scratch' | 'platform' | 'discard' | 'finish';

/**
 * Runs a restore with an account of its own, which is made for it and dropped at its end.
 *
 * @returns what it reports, also where that is a failure
 * @throws {UnderWay} where another one is at work; where it did not run, or ended without a word
 */
export async function runRestoreJob(
  options: RestoreOptions,
  context: BackupContext,
  task: RestoreTask,
): Promise<BackupReport> {
  const { docker, settings, say } = context;
  const { stack: namespace } = options;
  const volumes = volumesToWrite(settings, options, task);
  const [id, databases] = databasesOf(settings);
  const service = `${namespace}_${id}`;
  await expectNobody(docker, backupJob(settings.service, 'restore'));
  let account: RestoreAccount | undefined;
  try {
    if (id !== undefined) account = await restoreAccount(docker, { namespace, service, databases });
    const brings = task === 'scratch' || task === 'platform';
    const room = id !== undefined && brings ? await roomAt(docker, service) : undefined;
    return await runBackup({
      ...context,
      namespace,
      service: settings.service,
      command: 'restore',
      options: [
        ...(brings ? argumentsOf(options, task) : [`--${task}`]),
        ...(room === undefined ? [] : ['--room', room]),
      ],
      change: (template) => writable(account?.change(template) ?? template, volumes),
    });
  } finally {
    await account
      ?.remove()
      .catch((error: Error) => say(`the account of the restore stays until the next: ${error.message}`));
  }
}

const argumentsOf = (
  { at, snapshot, of, databases, volumes }: RestoreOptions,
  into: 'scratch' | 'platform',
): string[] => [
  ...(at ? ['--at', at] : []),
  ...(snapshot ? ['--snapshot', snapshot] : []),
  '--into',
  into,
  ...databases.flatMap((name) => ['--database', name]),
  ...volumes.flatMap((name) => ['--volume', name]),
  ...(of ? ['--of', of] : []),
];

/** The backend whose databases are in backups. */
function databasesOf({
  covers,
}: BackupSettings): readonly [id: string | undefined, names: readonly string[]] {
  const [id, covered] = Object.entries(covers).find(([, { databases }]) => databases) ?? [];
  return [id, covered?.databases ?? []];
}

/** What is restored without being named, tidied up or finished, too. */
export function volumesToWrite(
  { covers }: Pick<BackupSettings, 'covers'>,
  { databases, volumes }: Pick<RestoreOptions, 'databases' | 'volumes'>,
  task: RestoreTask,
): readonly string[] {
  const all = task === 'scratch' ? databases.length + volumes.length === 0 : task !== 'platform';
  return all ? Object.values(covers).flatMap((one) => one.volumes ?? []) : volumes;
}

const DATA = '/var/lib/mysql';

/**
 * Bytes that are free where MariaDB has its data, which its own task alone can tell.
 *
 * @returns undefined where it does not
 */
async function roomAt(docker: Docker, service: string): Promise<string | undefined> {
  const containerId = await findContainer(docker, service, { until: Date.now() });
  const { stdout } = await docker.exec({ containerId, command: ['df', '-P', '-k', DATA] });
  const free = parseDf(stdout)?.freeBytes;
  return free === undefined ? undefined : String(free);
}

/** Volumes that are only read by every other command. */
function writable(template: TaskSpec, volumes: readonly string[]): TaskSpec {
  const { ContainerSpec } = template;
  if (!ContainerSpec || volumes.length === 0) return template;
  const targets = volumes.map((name) => `${ROOT}/volumes/${name}`);
  const mounts = (ContainerSpec.Mounts ?? []).map((mount) =>
    targets.includes(mount.Target ?? '') ? { ...mount, ReadOnly: false } : mount,
  );
  return { ...template, ContainerSpec: { ...ContainerSpec, Mounts: mounts } };
}
