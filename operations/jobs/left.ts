import { JOB_LABEL, JOB_UNTIL_LABEL } from '../../contract/job';
import type { Service } from '../docker/answers';
import type { Docker } from '../docker/client';
import { type JobApi, removeJob } from '../docker/job/remove';
import { hasEnded } from '../docker/snapshot';

type LeftApi = JobApi & Pick<Docker, 'jobs'>;

/**
 * Removes what earlier runs left when they were killed: of the same name, whatever it does; of others what has ended, or must
 * have ended long ago. One that somebody waits for stays.
 *
 * @param name of the job that comes
 * @param now in milliseconds since 1970, by the server's clock
 * @returns the names of what was removed
 */
export async function removeLeft(
  docker: LeftApi,
  name: string,
  now: number,
  wait?: (milliseconds: number) => Promise<unknown>,
): Promise<string[]> {
  const jobs = await docker.jobs();
  const removed: string[] = [];
  for (const job of jobs) {
    if (job.Spec.Name !== name && !(await isLeft(docker, job, now))) continue;
    await removeJob(docker, job.ID, wait);
    removed.push(job.Spec.Name ?? job.ID);
  }
  return removed;
}

async function isLeft(
  docker: Pick<Docker, 'tasks'>,
  { ID, CreatedAt, Spec }: Service,
  now: number,
): Promise<boolean> {
  const until = Number(Spec.Labels?.[JOB_UNTIL_LABEL]);
  if (Spec.Labels?.[JOB_LABEL] === undefined) return false;
  if (until * 1000 < now) return true;
  // A job that is seen to end is removed within seconds by who runs it.
  const tasks = await docker.tasks({ service: [ID] });
  const ends = tasks.map((task) =>
    hasEnded(task) ? Date.parse(task.UpdatedAt ?? CreatedAt) : Number.POSITIVE_INFINITY,
  );
  return ends.length > 0 && Math.max(...ends) + GRACE_MS < now;
}
const GRACE_MS = 120_000;
