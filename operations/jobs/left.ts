import { JOB_LABEL, JOB_UNTIL_LABEL } from '../../contract/job';
import type { Service, Task } from '../docker/answers';
import type { Docker } from '../docker/client';
import { type JobApi, removeJob } from '../docker/job/remove';
import { hasEnded } from '../docker/snapshot';
import type { Job } from './spec';

type LeftApi = JobApi & Pick<Docker, 'jobs'>;

/** A job of this name is at work for somebody else. */
export class UnderWay extends Error {
  /** Docker's own, where a name is taken. */
  readonly statusCode = 409;

  constructor(name: string) {
    super(`${name} is under way: somebody waits for it\n  let it end, then run this again`);
  }
}

/**
 * Removes what earlier runs left when they were killed: of the same name, whatever it does; of others what has ended, or must
 * have ended long ago. One that somebody waits for stays.
 *
 * @param job that comes, by its name
 * @param now in milliseconds since 1970, by the server's clock
 * @returns the names of what was removed
 * @throws UnderWay where it is one that takes nobody's place
 */
export async function removeLeft(
  docker: LeftApi,
  { name, alone }: { readonly name: string } & Pick<Job, 'alone'>,
  now: number,
  wait?: (milliseconds: number) => Promise<unknown>,
): Promise<string[]> {
  const jobs = await docker.jobs();
  const removed: string[] = [];
  for (const job of jobs) {
    if (job.Spec.Name !== name && !(await isLeft(docker, job, now))) continue;
    if (job.Spec.Name === name && alone && (await isUnderWay(docker, job, now))) throw new UnderWay(name);
    await removeJob(docker, job.ID, wait);
    removed.push(job.Spec.Name ?? job.ID);
  }
  return removed;
}

/** @throws UnderWay where a job of this name is at work, or about to be */
export async function expectNobody(
  docker: Pick<Docker, 'jobs' | 'tasks' | 'clock'>,
  name: string,
): Promise<void> {
  const now = (await docker.clock()) ?? Date.now();
  for (const job of await docker.jobs()) {
    if (job.Spec.Name === name && (await isUnderWay(docker, job, now))) throw new UnderWay(name);
  }
}

/** A task that waits for a node or pulls its image is at work, too. */
export async function isUnderWay(docker: Pick<Docker, 'tasks'>, job: Service, now: number): Promise<boolean> {
  if (isPast(job, now)) return false;
  const first = firstOf(await docker.tasks({ service: [job.ID] }));
  // Swarm makes it within seconds; a job of which nothing is wanted any more has none.
  return first ? !hasEnded(first) : Date.parse(job.CreatedAt) + GRACE_MS > now;
}

async function isLeft(docker: Pick<Docker, 'tasks'>, job: Service, now: number): Promise<boolean> {
  if (job.Spec.Labels?.[JOB_LABEL] === undefined) return false;
  if (isPast(job, now)) return true;
  // A job that is seen to end is removed within seconds by who runs it.
  const tasks = await docker.tasks({ service: [job.ID] });
  const ends = tasks.map((task) =>
    hasEnded(task) ? Date.parse(task.UpdatedAt ?? job.CreatedAt) : Number.POSITIVE_INFINITY,
  );
  return ends.length > 0 && Math.max(...ends) + GRACE_MS < now;
}
const GRACE_MS = 120_000;

const isPast = ({ Spec }: Service, now: number): boolean =>
  Number(Spec.Labels?.[JOB_UNTIL_LABEL]) * 1000 < now;

/** Swarm may have made another one, which waits for ever. */
const firstOf = (tasks: readonly Task[]): Task | undefined =>
  [...tasks].sort((a, b) => Date.parse(a.CreatedAt) - Date.parse(b.CreatedAt))[0];
