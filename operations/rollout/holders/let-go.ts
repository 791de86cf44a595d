import { setTimeout as sleep } from 'node:timers/promises';
import { JOB_OF_LABEL } from '../../../contract/job';
import type { PlannedRollout } from '../../../contract/rollout';
import type { Service } from '../../docker/answers';
import type { Docker } from '../../docker/client';
import { type JobApi, removeJob } from '../../docker/job/remove';
import { hasEnded } from '../../docker/snapshot';

/** How long a run by hand is waited for. */
const PATIENCE_SECONDS = 300;
const POLL_MS = 2000;

/**
 * Sees to it that no job of a service holds a secret or config that the service has no more: Terraform removes those after
 * the last gate, and Docker lets nobody remove what a job uses. One that is under way is waited for, and then stopped.
 */
export async function letGo(
  docker: JobApi & Pick<Docker, 'jobs'>,
  { service, planned }: Pick<PlannedRollout, 'service' | 'planned'>,
  say: (line: string) => void,
  wait: (milliseconds: number) => Promise<unknown> = sleep,
): Promise<void> {
  const kept = new Set([...(planned.secrets ?? []), ...(planned.configs ?? [])].map(({ id }) => id));
  const holders = async () =>
    (await docker.jobs()).filter(
      ({ Spec }) => Spec.Labels?.[JOB_OF_LABEL] === service && heldBy(Spec).some((id) => !kept.has(id)),
    );
  let isTold = false;
  for (let waited = 0; ; waited += POLL_MS) {
    const left = await holders();
    if (left.length === 0) return;
    for (const job of left) {
      const tasks = await docker.tasks({ service: [job.ID] });
      const isOver = tasks.length > 0 && tasks.every(hasEnded);
      if (!isOver && waited < PATIENCE_SECONDS * 1000) continue;
      await removeJob(docker, job.ID, wait);
      if (!isOver) say(`stopped ${nameOf(job)}: it holds what this deploy removes`);
    }
    if (!isTold && waited < PATIENCE_SECONDS * 1000) {
      say(
        `waiting for ${left.map(nameOf).join(', ')}, ${PATIENCE_SECONDS} s at most: it holds what this deploy removes`,
      );
      isTold = true;
    }
    await wait(POLL_MS);
  }
}

function heldBy({ TaskTemplate }: Service['Spec']): string[] {
  const { Secrets, Configs } = TaskTemplate.ContainerSpec ?? {};
  return [
    ...(Secrets ?? []).map(({ SecretID }) => SecretID),
    ...(Configs ?? []).map(({ ConfigID }) => ConfigID),
  ];
}

const nameOf = ({ ID, Spec }: Service): string => Spec.Name ?? ID;
