import type { BackupCommand, BackupReport } from '../../contract/backup';
import type { BackupSettings } from '../../contract/backup-settings';
import type { Shell } from '../../contract/shell';
import { DockerClient } from '../docker/client';
import { ConnectionError } from '../docker/explain';
import type { Target } from '../docker/target';
import { redactorHere } from '../inputs/redactor-here';
import type { Redactor } from '../redact/redactor';
import { columnsOf } from '../terminal/terminal';
import { harmless } from '../terminal/untrusted';
import { UsageError } from '../terminal/usage-error';
import { assessBackup } from './assess';
import { gatherBackup, rememberRepository } from './facts';
import { runBackup } from './run';
import { drillWithApplications } from './start';
import { listLines, reportLines } from './text';

export interface BackupOptions {
  readonly target: Target;
  /** The namespace. */
  readonly stack: string;
  /** Of the catalogue; undefined where it has none here. */
  readonly settings: BackupSettings | undefined;
  readonly json: boolean;
}

/** What a verb works with. */
export interface BackupContext {
  readonly docker: DockerClient;
  readonly redactor: Redactor;
  readonly settings: BackupSettings;
  readonly signals: NodeJS.Signals[];
  /** On its way: to standard error, so that standard output is the result. */
  readonly say: (line: string) => void;
  /** The result, once. */
  readonly tell: (json: unknown, lines: readonly string[]) => void;
}

const EXIT = { done: 0, not: 1, unreachable: 6 } as const;
const ANSWER_SECONDS = 30;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `./proctor backup now`, `check`, `drill` and `unlock`: one command beside the schedule. Resolves to the exit code. */
export const runCommand = (
  options: BackupOptions,
  command: Extract<BackupCommand, 'now' | 'check' | 'drill' | 'unlock'>,
  env: Shell,
  args: readonly string[] = [],
): Promise<number> =>
  withBackup(options, env, async (context) => {
    const report = await runBackup({
      ...context,
      namespace: options.stack,
      service: context.settings.service,
      command,
      options: args,
    });
    context.tell(report, reportLines(report));
    if (command === 'now' && report.ok) {
      await rememberRepository(context.docker, context.settings).catch(() => {});
    }
    return codeOf(report);
  });

export interface DrillOptions extends BackupOptions {
  /** Applications that are started on what was restored. @default none */
  readonly start: readonly string[];
  /** Paths that these are asked beside their health. @default empty: those of the catalogue's probe that they answer */
  readonly paths: readonly string[];
}

/** `./proctor backup drill`. Resolves to the exit code. @throws {UsageError} */
export function runDrill(options: DrillOptions, env: Shell): Promise<number> {
  const { start, paths, stack: namespace } = options;
  if (start.length === 0 && paths.length > 0) {
    throw new UsageError(
      '--path says what to ask, and nothing is started\nname an application: --start <service>',
    );
  }
  if (start.length === 0) return runCommand(options, 'drill', env);
  return withBackup(options, env, async (context) => {
    const report = await drillWithApplications({ ...context, namespace, start, paths });
    context.tell(report, reportLines(report));
    return codeOf(report);
  });
}

/** `./proctor backup list`. Resolves to the exit code. */
export const runList = (options: BackupOptions, env: Shell): Promise<number> =>
  withBackup(options, env, async ({ docker, settings, tell }) => {
    const facts = await gatherBackup(docker, settings.service);
    if (!facts.list) throw new Error(`the backups cannot be listed: ${facts.unknown}`);
    const now = (await docker.clock()) ?? Date.now();
    const status = assessBackup(settings, facts, now);
    const { backups = [], beforeRestores = [], restorable = [] } = facts.list;
    tell(
      { stack: options.stack, ...status, backups, beforeRestores, restorable },
      listLines(status, facts.list, now, columnsOf(process.stdout)),
    );
    return EXIT.done;
  });

export const codeOf = ({ ok }: BackupReport): number => (ok ? EXIT.done : EXIT.not);

/**
 * Opens what a verb works with, and closes it. What goes wrong is told.
 *
 * @throws {UsageError} where the environment has no backups
 */
export async function withBackup(
  { settings, target, json }: BackupOptions,
  env: Shell,
  work: (context: BackupContext) => Promise<number>,
): Promise<number> {
  if (!settings) {
    throw new UsageError(
      'this environment has no backups\nsay backupTo in its part of services.config.ts, and deploy (docs/data.md)',
    );
  }
  const redactor = redactorHere(env, target.derived);
  const docker = new DockerClient({ ...target, answerSeconds: ANSWER_SECONDS });
  const signals: NodeJS.Signals[] = [];
  const take = (signal: NodeJS.Signals) => {
    signals.push(signal);
  };
  for (const signal of SIGNALS) process.on(signal, take);
  const say = (line: string) => process.stderr.write(`${harmless(redactor.show(line))}\n`);
  const tell = (object: unknown, lines: readonly string[]) =>
    process.stdout.write(
      `${json ? redactor.hide(JSON.stringify(object)) : redactor.show(lines.join('\n'))}\n`,
    );
  try {
    return await work({ docker, redactor, settings, signals, say, tell });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    process.stderr.write(`error: ${redactor.show((error as Error).message)}\n`);
    return error instanceof ConnectionError ? EXIT.unreachable : EXIT.not;
  } finally {
    for (const signal of SIGNALS) process.off(signal, take);
    docker.close();
  }
}
