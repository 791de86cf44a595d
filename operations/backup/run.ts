import type { BackupCommand, BackupReport } from '../../contract/backup';
import type { TaskSpec } from '../docker/answers';
import type { Docker } from '../docker/client';
import { runJob } from '../jobs/run';
import { commandOf, type Job } from '../jobs/spec';
import { endInWords } from '../jobs/text';
import type { Redactor } from '../redact/redactor';
import { SCRIPT } from './facts';
import { kindOf, suffixOf } from './job-names';
import { reportOf } from './report';

/** One command of the backup, beside the service that keeps the schedule. */
export interface BackupRun {
  readonly docker: Docker;
  readonly redactor: Redactor;
  /** The platform's name. */
  readonly namespace: string;
  /** The service's full name. */
  readonly service: string;
  readonly command: BackupCommand;
  /** Behind the command. @default none */
  readonly options?: readonly string[];
  /** What is otherwise than in the service. @default nothing */
  readonly change?: (template: TaskSpec) => TaskSpec;
  /** Each line that it says on its way. */
  readonly say: (line: string) => void;
  readonly signals?: NodeJS.Signals[];
  /** @default 12 h */
  readonly timeoutSeconds?: number;
}

const HALF_A_DAY = 12 * 3600;

/**
 * Runs a command with all that the service has, its volumes included, and waits for its end.
 *
 * @returns what it reports, also where that is a failure
 * @throws {UnderWay} where somebody else runs it; where it did not run, or ended without a word
 */
export async function runBackup(run: BackupRun): Promise<BackupReport> {
  const { docker, namespace, service, command, options = [] } = run;
  const found = (await docker.services({ name: [service] })).find(({ Spec }) => Spec.Name === service);
  if (!found) throw new Error(`the service ${service} is not there\n  deploy it first: ./proctor deploy`);
  const { TaskTemplate } = found.Spec;
  const container = TaskTemplate.ContainerSpec!;
  const template: TaskSpec = {
    ...TaskTemplate,
    ContainerSpec: { ...container, ...commandOf(container, ['/bin/sh', SCRIPT, command, ...options]) },
  };
  const job: Job = {
    kind: kindOf(command),
    suffix: suffixOf(command),
    of: service,
    namespace,
    template: run.change?.(template) ?? template,
    timeoutSeconds: run.timeoutSeconds ?? HALF_A_DAY,
    alone: true,
  };
  const said: string[] = [];
  const end = await runJob(job, {
    docker,
    redactor: run.redactor,
    ...(run.signals ? { signals: run.signals } : {}),
    output: { stdout: (text) => said.push(text), stderr: (text) => lines(text).forEach(run.say) },
    say: run.say,
  });
  // The connection may have broken before the last line came.
  const report = reportOf(said.join(''), command) ?? reportOf((end.log ?? []).join('\n'), command);
  if (report) return report;
  throw new Error(
    [`the job ${endInWords(end, job.timeoutSeconds)}`, ...(end.log ?? []).slice(-3)].join('\n  '),
  );
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');
