import { type BackupReport, SCRIPT_FILES, SCRIPTS } from '../../contract/backup';
import type { BackupSettings } from '../../contract/backup-settings';
import type { Service, Task } from '../docker/answers';
import type { Docker } from '../docker/client';
import { ConnectionError } from '../docker/explain';
import { isRunning } from '../docker/snapshot';
import { type KnownRepository, readKnown, remember } from './known';
import { reportOf, reportsIn } from './report';
import { readStillStopped, type StoppedWriters } from './writers';

/** What is known of a platform's backups. */
export interface BackupFacts {
  /** What the repository says; absent where nobody could ask it. */
  readonly list?: BackupReport;
  /** Why it could not be asked. */
  readonly unknown?: string;
  /** The last runs of the schedule, the newest last, as far as the log of the service goes back. */
  readonly runs: readonly BackupReport[];
  /** The repository that they have been in. @default nothing was remembered */
  readonly known?: KnownRepository;
  /** A restore that stopped who writes, and has not started all of them again. */
  readonly stopped?: StoppedWriters;
}

export const SCRIPT = `${SCRIPTS}/${SCRIPT_FILES[0]}`;

/** A repository far away is read once: a few seconds. */
const LIST_SECONDS = 45;
const LOG_SECONDS = 10;
const LINES = 400;

type Asking = Pick<Docker, 'info' | 'services' | 'tasks' | 'exec' | 'taskLog' | 'configs'>;

/**
 * Asks the service that makes the backups: for the repository in its task, and for the last runs in its log.
 *
 * @throws ConnectionError where the server cannot be asked; what the backup cannot say is a fact
 */
export async function gatherBackup(docker: Asking, service: string): Promise<BackupFacts> {
  const tasks = await tasksOf(docker, service);
  if (!tasks) return { runs: [], unknown: `the service ${service} is not there: deploy first` };
  const logs: string[] = [];
  for (const { ID } of tasks.slice(-2)) {
    // The newest run is at its end.
    const bounds = { seconds: LOG_SECONDS, lastBytes: 1_000_000 };
    logs.push(await docker.taskLog(ID, LINES, bounds).catch(() => ''));
  }
  const runs = reportsIn(logs.join('\n')).filter(({ backup }) => backup !== 'list');
  const stopped = await readStillStopped(docker, service.slice(0, service.lastIndexOf('_')));
  const known = await readKnown(docker, service);
  return {
    runs,
    ...(known ? { known } : {}),
    ...(stopped ? { stopped } : {}),
    ...(await listOf(docker, tasks.filter(isRunning).at(-1))),
  };
}

/**
 * What each volume has that is backed up.
 *
 * @throws where nobody can say
 */
export async function lookAtVolumes(
  docker: Asking,
  service: string,
): Promise<NonNullable<BackupReport['holds']>> {
  const { report, why } = await ask(
    docker,
    (await tasksOf(docker, service))?.filter(isRunning).at(-1),
    'look',
  );
  if (!report?.holds) throw new Error(`the volumes cannot be looked at: ${why}`);
  return report.holds;
}

/**
 * Whether nothing is locked that a password does not open.
 *
 * @returns false also where nobody can say: no task runs, or the store does not answer
 */
export async function opensWith(docker: Asking, service: string, password: string): Promise<boolean> {
  const task = (await tasksOf(docker, service))?.filter(isRunning).at(-1);
  const { report } = await ask(docker, task, 'opens', password);
  return report?.opens === true || report?.fault === 'no-repository';
}

/** After a deploy or a backup: which repository it is that has the backups, where that is not known yet. */
export async function rememberRepository(
  docker: Asking & Pick<Docker, 'createConfig' | 'removeConfig'>,
  settings: Pick<BackupSettings, 'service' | 'to'>,
): Promise<void> {
  if ((await readKnown(docker, settings.service))?.to === settings.to) return;
  // The catalogue may say another place than the one that is in use still.
  if (!(await goesTo(docker, settings))) return;
  const { list } = await listOf(docker, (await tasksOf(docker, settings.service))?.filter(isRunning).at(-1));
  if (list) await remember(docker, settings, list);
}

/** @param settings whose `to` ends as the place does in the service: a repository, a volume or a folder */
async function goesTo(
  docker: Asking,
  { service, to }: Pick<BackupSettings, 'service' | 'to'>,
): Promise<boolean> {
  const found = await serviceOf(docker, service);
  const { Args = [], Mounts = [] } = found?.Spec.TaskTemplate.ContainerSpec ?? {};
  const place = to.replace(/^the (volume|folder) /, '');
  return [...Args, ...Mounts.map(({ Source = '' }) => Source)].some((text) => text.endsWith(place));
}

/** Docker's filter takes the begin of a name, too. */
const serviceOf = async (docker: Asking, name: string): Promise<Service | undefined> =>
  (await docker.services({ name: [name] })).find(({ Spec }) => Spec.Name === name);

/** The oldest first; undefined where there is no such service. */
async function tasksOf(docker: Asking, service: string): Promise<Task[] | undefined> {
  const found = await serviceOf(docker, service);
  if (!found) return undefined;
  return [...(await docker.tasks({ service: [found.ID] }))].sort(
    (a, b) => Date.parse(a.CreatedAt) - Date.parse(b.CreatedAt),
  );
}

async function listOf(
  docker: Asking,
  task: Task | undefined,
): Promise<Pick<BackupFacts, 'list' | 'unknown'>> {
  const { report: list, why } = await ask(docker, task, 'list');
  if (list?.ok) return { list };
  // None was ever made: that is all there is to know.
  return list?.fault === 'no-repository' ? { list: { ...list, backups: [] } } : { unknown: why };
}

/** A command that is soon done, in a task. */
async function ask(
  docker: Asking,
  task: Task | undefined,
  command: 'list' | 'look' | 'opens',
  stdin?: string,
): Promise<{ readonly report?: BackupReport | undefined; readonly why: string }> {
  const container = task?.Status.ContainerStatus?.ContainerID;
  if (!task || !container) return { why: 'no task of it runs: ./proctor status' };
  const { Swarm } = await docker.info();
  if (task.NodeID !== Swarm?.NodeID) {
    return { why: 'its task runs on another node than the one that answers' };
  }
  try {
    const { stdout, stderr } = await docker.exec({
      containerId: container,
      command: ['/bin/sh', '/launch', '/bin/sh', SCRIPT, command],
      ...(stdin === undefined ? {} : { stdin }),
      timeoutSeconds: LIST_SECONDS,
    });
    const report = reportOf(stdout, command);
    const why = report?.error ?? stderr.trim().split('\n').at(-1) ?? '';
    return { report, why: why === '' ? 'it does not answer' : why };
  } catch (error) {
    if (error instanceof ConnectionError) throw error;
    return { why: (error as Error).message };
  }
}
