import { type BackupReport, ROOT } from '../../contract/backup';
import type { BackupSettings } from '../../contract/backup-settings';
import type { Shell } from '../../contract/shell';
import type { TaskSpec } from '../docker/answers';
import { SwarmClient } from '../docker/swarm-client';
import { UsageError } from '../terminal/usage-error';
import { type RestoreAccount, restoreAccount } from './account';
import { type BackupContext, type BackupOptions, codeOf, withBackup } from './main';
import { runBackup } from './run';
import { reportLines } from './text';
import { startWriters, stopWriters } from './writers';

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

/** `./proctor backup restore`. Resolves to the exit code. @throws {UsageError} */
export function runRestore(options: RestoreOptions, env: Shell): Promise<number> {
  const { into, stack, discard } = options;
  if (into !== 'scratch' && into !== stack) {
    throw new UsageError(
      `--into is ${JSON.stringify(into)}\nname scratch, or the platform whose data is to be replaced: --into ${stack}`,
    );
  }
  return withBackup(options, env, async (context) => {
    const report =
      into === 'scratch' || discard
        ? await restoreBeside(options, context)
        : await restoreInPlace(options, context);
    context.tell(report, reportLines(report));
    return codeOf(report);
  });
}

/** Nobody waits for it, and nothing is replaced. */
async function restoreBeside(options: RestoreOptions, context: BackupContext): Promise<BackupReport> {
  return restoring(options, context, 'scratch');
}

/** A fresh backup, nobody who writes, the restore, and everybody again. */
export async function restoreInPlace(options: RestoreOptions, context: BackupContext): Promise<BackupReport> {
  const { docker, redactor, settings, say } = context;
  const { stack, target } = options;
  if (options.freshBackup) {
    say('a backup of what is there, before it is replaced');
    const made = await runBackup({ ...context, namespace: stack, service: settings.service, command: 'now' });
    if (!made.ok) {
      return {
        ...made,
        advice:
          `${made.advice ?? ''}\n  where nothing of what is there is worth a backup: --skip-backup`.trim(),
      };
    }
  }
  const names = writersOf(settings, options).map((id) => `${stack}_${id}`);
  say(`stopping ${names.map((name) => name.slice(stack.length + 1)).join(', ')}`);
  const stopped = await stopWriters(docker, stack, names);
  const swarm = new SwarmClient({ ...target, redactor });
  try {
    return await restoring(options, context, 'platform');
  } finally {
    try {
      say('starting them again');
      const failed = await startWriters(swarm, stack, stopped, say);
      if (failed.length > 0)
        say(`not all came back:\n  ${failed.join('\n  ')}\n  ./proctor deploy brings them back`);
    } finally {
      swarm.close();
    }
  }
}

async function restoring(
  options: RestoreOptions,
  context: BackupContext,
  into: 'scratch' | 'platform',
): Promise<BackupReport> {
  const { docker, settings, say } = context;
  const { stack: namespace } = options;
  const volumes = volumesToWrite(settings, options);
  const [id, databases] = databasesOf(settings);
  let account: RestoreAccount | undefined;
  try {
    if (id !== undefined) {
      account = await restoreAccount(docker, { namespace, service: `${namespace}_${id}`, databases });
    }
    return await runBackup({
      ...context,
      namespace,
      service: settings.service,
      command: 'restore',
      options: argumentsOf(options, into),
      change: (template) => writable(account?.change(template) ?? template, volumes),
    });
  } finally {
    await account
      ?.remove()
      .catch((error: Error) => say(`the account of the restore stays until the next: ${error.message}`));
  }
}

const argumentsOf = (options: RestoreOptions, into: 'scratch' | 'platform'): string[] => {
  if (options.discard) return ['--discard'];
  const { at, snapshot, of, databases, volumes } = options;
  return [
    ...(at ? ['--at', at] : []),
    ...(snapshot ? ['--snapshot', snapshot] : []),
    '--into',
    into,
    ...databases.flatMap((name) => ['--database', name]),
    ...volumes.flatMap((name) => ['--volume', name]),
    ...(of ? ['--of', of] : []),
  ];
};

/** The backend whose databases are in backups. */
function databasesOf({
  covers,
}: BackupSettings): readonly [id: string | undefined, names: readonly string[]] {
  const [id, covered] = Object.entries(covers).find(([, { databases }]) => databases) ?? [];
  return [id, covered?.databases ?? []];
}

/** Who writes what is to be replaced. */
function writersOf({ covers }: BackupSettings, { databases, volumes }: RestoreOptions): string[] {
  const all = databases.length + volumes.length === 0;
  const concerned = Object.values(covers).filter(
    (covered) =>
      (covered.databases && (all || databases.length > 0)) ||
      covered.volumes?.some((name) => volumes.includes(name)),
  );
  return [...new Set(concerned.flatMap(({ writers }) => writers))];
}

/** What is restored without being named, or tidied up, too. */
export function volumesToWrite(
  { covers }: Pick<BackupSettings, 'covers'>,
  { into, databases, volumes, discard }: Pick<RestoreOptions, 'into' | 'databases' | 'volumes' | 'discard'>,
): readonly string[] {
  const all = databases.length + volumes.length === 0 && into === 'scratch';
  return all || discard ? Object.values(covers).flatMap((one) => one.volumes ?? []) : volumes;
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
