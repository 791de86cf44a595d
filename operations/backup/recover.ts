import type { BackupReport } from '../../contract/backup';
import type { BackupSettings } from '../../contract/backup-settings';
import type { Shell } from '../../contract/shell';
import { literal } from '../provision/auth';
import { Server } from '../provision/server';
import { findContainer } from '../provision/task';
import { formatAge, formatSeconds } from '../terminal/quantities';
import { UsageError } from '../terminal/usage-error';
import { gatherBackup } from './facts';
import { type BackupContext, type BackupOptions, codeOf, withBackup } from './main';
import { restoreInPlace } from './restore';
import { runBackup } from './run';
import { reportLines } from './text';

export interface RecoverOptions extends BackupOptions {
  /** Up to then. @default the newest moment in the repository */
  readonly at?: string | undefined;
  /** Of another platform, whose backups are in the same place. @default this one */
  readonly of?: string | undefined;
}

/** `./proctor deploy`, of all or only of these resources and what they need. Resolves to its exit code. */
export type Deploy = (only?: readonly string[]) => Promise<number>;

/**
 * From a server that has nothing, or a Swarm and nothing on it, to the whole platform with its data: what has the data and
 * the backup, then the data, then everything else, the entrance last. Run again, it goes on where it was.
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
 * The newest moment, or the one that was asked for.
 *
 * @returns undefined where an earlier run has brought it back already
 * @throws where there is data that nobody brought back: it is not what this is for
 */
async function bringBack(options: RecoverOptions, context: BackupContext): Promise<BackupReport | undefined> {
  const { docker, settings, say } = context;
  const [id, covered] = Object.entries(settings.covers).find(([, { databases }]) => databases) ?? [];
  const { volumes, names } = {
    names: covered?.databases ?? [],
    volumes: Object.values(settings.covers).flatMap((one) => one.volumes ?? []),
  };
  if (id !== undefined) {
    const containerId = await findContainer(docker, `${options.stack}_${id}`, {
      until: Date.now() + 120_000,
    });
    const server = new Server(
      (command, stdin) => docker.exec({ containerId, command, stdin, user: 'root' }),
      '-',
    );
    const found = await dataIn(server, names);
    if (found === 'restored') return undefined;
    if (found !== 'empty') {
      throw new Error(
        `${found} has rows: this is no server that has lost its data, and nothing was changed\n  to replace them: ./proctor backup restore --into ${options.stack}`,
      );
    }
  }
  const facts = await gatherBackup(docker, settings.service);
  if (!facts.list) throw new Error(`the backups cannot be listed: ${facts.unknown}`);
  const { backups = [], restorable = [] } = facts.list;
  const [newest] = backups;
  if (!newest && !options.of) throw new Error(`there is no backup in ${settings.to}`);
  // A backup may be younger than the last copy of the log before it.
  const at = options.at ?? restorable.map(({ to }) => to).find((to) => to > (newest?.time ?? ''));
  say(
    at
      ? `as it was at ${at}, the newest that is there: ${formatAge(Date.now() - Date.parse(at))} before now`
      : `the newest backup, of ${newest?.time}: ${formatAge(Date.now() - Date.parse(newest?.time ?? ''))} before now`,
  );
  return restoreInPlace(
    {
      ...options,
      at,
      snapshot: undefined,
      into: options.stack,
      databases: names,
      volumes,
      discard: false,
      freshBackup: false,
    },
    context,
  );
}

/** @returns the name of a database that has rows */
async function dataIn(server: Server, names: readonly string[]): Promise<'empty' | 'restored' | string> {
  const journal = await server.query(
    "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'proctor_restore' AND table_name = 'restores';\n",
  );
  if (journal[0]?.[0] === '1') {
    const open = await server.query(
      "SELECT COUNT(*), COALESCE(SUM(phase = 'done'), 0) FROM proctor_restore.restores;\n",
    );
    const [all, ended] = (open[0] ?? []).map(Number);
    if (all! > 0 && all === ended) return 'restored';
    // One that was cut off is finished or undone by the next.
    if (all! > 0) return 'empty';
  }
  const list = names.map(literal).join(', ');
  const rows = await server.query(
    `SELECT table_schema FROM information_schema.tables WHERE table_schema IN (${list || "''"}) AND table_rows > 0 LIMIT 1;\n`,
  );
  return rows[0]?.[0] ?? 'empty';
}
