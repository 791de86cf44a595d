import { type BackupReport, SCRIPT_FILES, SCRIPTS } from '../../contract/backup';
import type { Task } from '../docker/answers';
import type { Docker } from '../docker/client';
import { ConnectionError } from '../docker/explain';
import { isRunning } from '../docker/snapshot';
import { reportOf, reportsIn } from './report';
import { readStopped, type StoppedWriters } from './writers';

/** What is known of a platform's backups. */
export interface BackupFacts {
  /** What the repository says; absent where nobody could ask it. */
  readonly list?: BackupReport;
  /** Why it could not be asked. */
  readonly unknown?: string;
  /** The last runs of the schedule, the newest last, as far as the log of the service goes back. */
  readonly runs: readonly BackupReport[];
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
  const found = (await docker.services({ name: [service] })).find(({ Spec }) => Spec.Name === service);
  if (!found) return { runs: [], unknown: `the service ${service} is not there: deploy first` };
  const tasks = [...(await docker.tasks({ service: [found.ID] }))].sort(
    (a, b) => Date.parse(a.CreatedAt) - Date.parse(b.CreatedAt),
  );
  const logs: string[] = [];
  for (const { ID } of tasks.slice(-2)) {
    logs.push(await docker.taskLog(ID, LINES, { seconds: LOG_SECONDS, bytes: 1_000_000 }).catch(() => ''));
  }
  const runs = reportsIn(logs.join('\n')).filter(({ backup }) => backup !== 'list');
  const stopped = await readStopped(docker, service.slice(0, service.lastIndexOf('_')));
  return {
    runs,
    ...(stopped ? { stopped } : {}),
    ...(await listOf(docker, tasks.filter(isRunning).at(-1))),
  };
}

async function listOf(
  docker: Asking,
  task: Task | undefined,
): Promise<Pick<BackupFacts, 'list' | 'unknown'>> {
  const container = task?.Status.ContainerStatus?.ContainerID;
  if (!task || !container) return { unknown: 'no task of it runs: ./proctor status' };
  const { Swarm } = await docker.info();
  if (task.NodeID !== Swarm?.NodeID) {
    return { unknown: 'its task runs on another node than the one that answers' };
  }
  const command = ['/bin/sh', '/launch', '/bin/sh', SCRIPT, 'list'];
  try {
    const { stdout, stderr } = await docker.exec({
      containerId: container,
      command,
      timeoutSeconds: LIST_SECONDS,
    });
    const list = reportOf(stdout, 'list');
    if (list?.ok) return { list };
    const why = list?.error ?? stderr.trim().split('\n').at(-1) ?? '';
    // None was ever made: that is all there is to know.
    if (list?.fault === 'no-repository') return { list: { ...list, backups: [] } };
    return { unknown: why === '' ? 'it does not answer' : why };
  } catch (error) {
    if (error instanceof ConnectionError) throw error;
    return { unknown: (error as Error).message };
  }
}
