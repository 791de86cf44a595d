import type { BackupReport } from '../../../contract/backup';
import type { BackupSettings } from '../../../contract/backup-settings';
import type { Shell } from '../../../contract/shell';
import { Server } from '../../provision/server';
import { findContainer } from '../../provision/task';
import { formatAge, formatSeconds } from '../../terminal/quantities';
import { UsageError } from '../../terminal/usage-error';
import { gatherBackup, lookAtVolumes } from '../facts';
import { type BackupContext, type BackupOptions, codeOf, withBackup } from '../main';
import { type Missing, missingOf, stateOfDatabases } from '../missing';
import { runBackup } from '../run';
import { reportLines } from '../text';
import { restoreInPlace } from './in-place';

export interface RecoverOptions extends BackupOptions {
  /** Up to then. @default the newest moment in the repository */
  readonly at?: string | undefined;
  /** A backup as it was made, without what the log has after it. @default the newest, with its log */
  readonly snapshot?: string | undefined;
}

/** `./proctor deploy`, of all or only of these resources and what they need. Resolves to its exit code. */
export type Deploy = (only?: readonly string[]) => Promise<number>;

/**
 * From a server that has nothing, or a Swarm and nothing on it, to the whole platform with its data: what has the data and
 * the backup, then the data, then everything else, the entrance last. Run again, it goes on where it was. A certificate of
 * Let's Encrypt is asked for anew; until it is there the self-signed one is served.
 */
export async function runRecover(
  options: RecoverOptions,
  { deploy, env }: { readonly deploy: Deploy; readonly env: Shell },
): Promise<number> {
  const { settings } = options;
  if (!settings) {
    throw new UsageError(
      'this environment has no backups\nwithout backupTo in services.config.ts there is nothing to come back: ./proctor deploy makes an empty platform',
    );
  }
  const began = performance.now();
  const seconds = (since: number) => formatSeconds((performance.now() - since) / 1000);
  const step = async (what: string, work: () => Promise<number>): Promise<number> => {
    const since = performance.now();
    process.stderr.write(`\nrecover: ${what}\n`);
    const code = await work();
    process.stderr.write(
      `recover: ${what}: ${code === 0 ? 'done' : 'NOT DONE'} after ${seconds(since)}, ${seconds(began)} in all\n`,
    );
    return code;
  };

  const first = await step('the server, what has the data, and the backup', () =>
    deploy(targetsOf(settings)),
  );
  if (first !== 0 && first !== NOTHING_WELL) return first;
  let report: BackupReport | undefined;
  const data = await step('the data', () =>
    withBackup({ ...options, json: false }, env, async (context) => {
      report = await bringBack(options, context);
      for (const line of report ? reportLines(report) : ['it is there already']) context.say(line);
      return report ? codeOf(report) : 0;
    }),
  );
  if (data !== 0) return data;
  const rest = await step('everything else, the entrance last', () => deploy());
  if (rest !== 0) return rest;
  // Its log goes on from here: what is in the repository is of the server that was lost.
  const again = await step('the first backup of the new server', () =>
    withBackup({ ...options, json: false }, env, async (context) => {
      const { service } = settings;
      const made = await runBackup({ ...context, namespace: options.stack, service, command: 'now' });
      for (const line of reportLines(made)) context.say(line);
      return codeOf(made);
    }),
  );
  if (again !== 0)
    process.stderr.write('recover: the platform is back, and not backed up: ./proctor backup now\n');
  const lost = report?.upto ? Date.parse(report.upto) : undefined;
  const words = [
    `the platform is back after ${seconds(began)}`,
    ...(lost === undefined
      ? []
      : [`with all that was copied up to ${report!.upto}, ${formatAge(Date.now() - lost)} before now`]),
    ...Object.entries(report?.databases ?? {}).map(
      ([name, { tables, rows }]) => `  ${name}: ${tables} tables, ${rows} rows`,
    ),
  ];
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ stack: options.stack, seconds: (performance.now() - began) / 1000, restored: report ?? null })}\n`
      : `${words.join('\n')}\n`,
  );
  return 0;
}

/** Nothing was to be deployed, and what is not there yet is not well. */
const NOTHING_WELL = 7;

/** The gate of the backup, which comes after what it backs up; and what remembers that there is data. */
const targetsOf = ({ covers, service }: BackupSettings): string[] => [
  `null_resource.${service.slice(service.lastIndexOf('_') + 1)}_rollout`,
  ...Object.entries(covers).flatMap(([id, { databases }]) => (databases ? [`null_resource.${id}_data`] : [])),
];

/**
 * What is missing, as of the moment that was asked for, or of the newest.
 *
 * @returns undefined where earlier runs have brought all of it back
 * @throws where there is data that nobody brought back: it is not what this is for
 */
async function bringBack(options: RecoverOptions, context: BackupContext): Promise<BackupReport | undefined> {
  const { docker, settings, say } = context;
  const missing = missingOf(
    options.stack,
    await databasesThere(options, context),
    Object.values(settings.covers).some(({ volumes }) => volumes)
      ? await lookAtVolumes(docker, settings.service)
      : {},
  );
  const { databases, volumes } = missing;
  if (databases.length + volumes.length === 0) return undefined;
  const facts = await gatherBackup(docker, settings.service);
  if (!facts.list) throw new Error(`the backups cannot be listed: ${facts.unknown}`);
  const source = sourceOf(options, missing, facts.list);
  say(source.words);
  const report = await restoreInPlace(
    {
      ...options,
      at: source.at,
      snapshot: source.snapshot,
      into: options.stack,
      databases,
      volumes,
      of: undefined,
      discard: false,
      freshBackup: false,
    },
    context,
  );
  // The log is not what a platform has to wait for.
  return report.ok || source.without === undefined
    ? report
    : { ...report, advice: [report.advice, source.without].filter(Boolean).join('\n  ') };
}

async function databasesThere({ stack }: RecoverOptions, { docker, settings }: BackupContext) {
  const [id, covered] = Object.entries(settings.covers).find(([, { databases }]) => databases) ?? [];
  const names = covered?.databases ?? [];
  if (id === undefined || names.length === 0) return { names, state: { is: 'empty' } } as const;
  const containerId = await findContainer(docker, `${stack}_${id}`, { until: Date.now() + 120_000 });
  const server = new Server(
    (command, stdin) => docker.exec({ containerId, command, stdin, user: 'root' }),
    '-',
  );
  return { names, state: await stateOfDatabases(server, names) };
}

interface Source {
  readonly at: string | undefined;
  readonly snapshot: string | undefined;
  readonly words: string;
  /** What to do where the log between backups cannot be used, and nobody asked for it. */
  readonly without?: string;
}

/** @throws where there is none */
export function sourceOf(
  { at, snapshot, settings }: Pick<RecoverOptions, 'at' | 'snapshot' | 'settings'>,
  { snapshot: begun }: Pick<Missing, 'snapshot'>,
  { backups = [], restorable = [] }: Pick<BackupReport, 'backups' | 'restorable'>,
): Source {
  const ago = (time: string) => `${formatAge(Date.now() - Date.parse(time))} before now`;
  // What belongs together is of one backup, whatever was made since.
  if (begun !== undefined) {
    return { at: undefined, snapshot: begun, words: `the rest of backup ${begun.slice(0, 8)}` };
  }
  if (snapshot !== undefined) return { at: undefined, snapshot, words: `backup ${snapshot}` };
  if (at !== undefined) return { at, snapshot, words: `as it was at ${at}, ${ago(at)}` };
  const [newest] = backups;
  if (!newest) throw new Error(`there is no backup in ${settings?.to}`);
  // A backup may be younger than the last copy of the log before it.
  const to = restorable.map((span) => span.to).find((one) => one > newest.time);
  return to === undefined
    ? {
        at,
        snapshot: newest.snapshot,
        words: `the newest backup, of ${newest.time}: ${ago(newest.time)}`,
      }
    : {
        at: to,
        snapshot,
        words: `as it was at ${to}, the newest that is there: ${ago(to)}`,
        without: `the newest backup alone, of ${newest.time}: ./proctor recover --snapshot ${newest.snapshot}`,
      };
}
