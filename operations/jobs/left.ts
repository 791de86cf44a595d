import { JOB_LABEL, JOB_UNTIL_LABEL } from '../../contract/job';
import type { Service } from '../docker/answers';
import type { Docker } from '../docker/client';
import { ConnectionError } from '../docker/explain';

type JobApi = Pick<Docker, 'jobs' | 'tasks' | 'removeService' | 'reconnect'>;

const ENDED = ['complete', 'failed', 'rejected', 'orphaned', 'shutdown', 'remove'];
const TRIES = 5;

/**
 * Removes what earlier runs left when they were killed: of the same name, whatever it does; of others what has ended, or must
 * have ended long ago. One that somebody waits for stays.
 *
 * @param name of the job that comes
 * @param now in milliseconds since 1970, by the server's clock
 * @returns the names of what was removed
 */
export async function removeLeft(docker: JobApi, name: string, now: number): Promise<string[]> {
  const jobs = await docker.jobs();
  const removed: string[] = [];
  for (const job of jobs) {
    if (job.Spec.Name !== name && !(await isLeft(docker, job, now))) continue;
    await removeJob(docker, job.ID);
    removed.push(job.Spec.Name ?? job.ID);
  }
  return removed;
}

async function isLeft(docker: JobApi, { ID, CreatedAt, Spec }: Service, now: number): Promise<boolean> {
  const until = Number(Spec.Labels?.[JOB_UNTIL_LABEL]);
  if (Spec.Labels?.[JOB_LABEL] === undefined) return false;
  if (until * 1000 < now) return true;
  // A job that is seen to end is removed within seconds by who runs it.
  const tasks = await docker.tasks({ service: [ID] });
  const ends = tasks.map(({ Status, UpdatedAt }) =>
    ENDED.includes(Status.State) ? Date.parse(UpdatedAt ?? CreatedAt) : Number.POSITIVE_INFINITY,
  );
  return ends.length > 0 && Math.max(...ends) + GRACE_MS < now;
}
const GRACE_MS = 120_000;

/**
 * Removes a job, and with it its task.
 *
 * @throws when the server cannot be asked for a while
 */
export async function removeJob(
  docker: Pick<Docker, 'removeService' | 'reconnect'>,
  id: string,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await docker.removeService(id);
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode === 404) return;
      if (!(error instanceof ConnectionError) || tries === TRIES) throw error;
      docker.reconnect();
      await new Promise((resolve) => setTimeout(resolve, 1000 * tries));
    }
  }
}
