import { JOB_LABEL, JOB_OF_LABEL } from '../../contract/job';
import type { Service, ServiceSpec } from '../docker/answers';
import type { Docker } from '../docker/client';
import { hasEnded } from '../docker/snapshot';
import type { SwarmClient } from '../docker/swarm-client';
import { isUnderWay } from '../jobs/left';
import { fromData, isTaken, toData } from '../records/document';
import { watchReturn } from '../rollback/watch-return';
import { kindOf } from './job-names';

/** A restore that stopped who writes: how many of each there were. Kept in the Swarm, so that whoever comes next knows it. */
export interface StoppedWriters {
  /** By the service's full name. */
  readonly replicas: Readonly<Record<string, number>>;
  /** ISO 8601. */
  readonly since: string;
  /** The backup that comes back. @default that was not said: a moment, or the newest */
  readonly snapshot?: string | undefined;
  /** The backup of what was there. @default none was made */
  readonly before?: string | undefined;
}

const LABEL = 'proctor.restore';
const STACK = 'com.docker.stack.namespace';
/** The kind of its job. */
const RESTORE = kindOf('restore');
const PATIENCE_MS = 180_000;

type Reading = Pick<Docker, 'configs'>;

const find = async (docker: Reading, namespace: string) =>
  (await docker.configs({ label: [`${LABEL}=${namespace}`] }))[0];

/** @returns undefined where no restore is under way, and none was cut off */
export async function readStopped(docker: Reading, namespace: string): Promise<StoppedWriters | undefined> {
  const config = await find(docker, namespace);
  return config && fromData<StoppedWriters>(config.Spec?.Data);
}

/** The same, as long as anybody is still stopped: who deployed meanwhile has started them. */
export async function readStillStopped(
  docker: Reading & Pick<Docker, 'services'>,
  namespace: string,
): Promise<StoppedWriters | undefined> {
  const stopped = await readStopped(docker, namespace);
  return stopped && (await areStopped(docker, stopped)) ? stopped : undefined;
}

/** Somebody is at a restore for which nobody may write. */
export async function isBeingRestored(
  docker: Reading & Pick<Docker, 'jobs' | 'tasks' | 'clock' | 'services'>,
  namespace: string,
): Promise<boolean> {
  if (!(await readStillStopped(docker, namespace))) return false;
  const jobs = (await docker.jobs()).filter(
    ({ Spec: { Labels = {} } }) => Labels[STACK] === namespace && Labels[JOB_LABEL] === RESTORE,
  );
  const now = (await docker.clock()) ?? Date.now();
  return (await Promise.all(jobs.map((job) => isUnderWay(docker, job, now)))).some(Boolean);
}

/** After a deploy: that they were stopped is forgotten where none is any more. */
export async function forgetStopped(
  docker: Reading & Pick<Docker, 'services' | 'removeConfig'>,
  namespace: string,
): Promise<void> {
  const config = await find(docker, namespace);
  const stopped = config && fromData<StoppedWriters>(config.Spec?.Data);
  if (config && !(stopped && (await areStopped(docker, stopped)))) await docker.removeConfig(config.ID);
}

const areStopped = async (docker: Pick<Docker, 'services'>, { replicas }: StoppedWriters): Promise<boolean> =>
  (await docker.services()).some(({ Spec }) => (Spec.Name ?? '') in replicas && replicasOf(Spec) === 0);

/**
 * Writes down how many tasks each of these has that is to be stopped. What an earlier restore wrote that was cut off holds for
 * what is still stopped, and for nothing else.
 */
export async function noteWriters(
  docker: Docker,
  namespace: string,
  names: readonly string[],
  what: Pick<StoppedWriters, 'snapshot' | 'before'> = {},
): Promise<StoppedWriters> {
  const earlier = await readStopped(docker, namespace);
  const replicas = (await docker.services()).flatMap(({ Spec }) => {
    const name = Spec.Name ?? '';
    const present = replicasOf(Spec);
    const count = present === 0 ? earlier?.replicas[name] : names.includes(name) ? present : undefined;
    return count === undefined || count === 0 ? [] : [[name, count] as const];
  });
  const stopped: StoppedWriters = {
    replicas: Object.fromEntries(replicas),
    since: earlier?.since ?? new Date().toISOString(),
    ...what,
  };
  await write(docker, namespace, stopped);
  return stopped;
}

/**
 * Stops every task of these services, and waits until none runs, nor a command that was started in one of them by hand.
 *
 * @throws with who does not stop
 */
export async function stopWriters(docker: Docker, names: readonly string[]): Promise<void> {
  const services = await servicesOf(docker, names);
  for (const { ID, Version, Spec } of services) {
    await docker.updateService(ID, Version.Index, withReplicas(Spec, 0));
  }
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const busy = [...(await running(docker, services)), ...(await jobsOf(docker, names))];
    if (busy.length === 0) return;
    if (Date.now() > until) {
      throw new Error(
        `${busy.join(', ')} did not stop within ${PATIENCE_MS / 1000} s: nothing was replaced\n  see \`docker service ps\`, and run this again`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/**
 * Commands that were started by hand, or by a deploy, with what these services have: they write, too.
 *
 * @returns their names
 */
export async function jobsOf(
  docker: Pick<Docker, 'jobs' | 'tasks' | 'clock'>,
  names: readonly string[],
): Promise<string[]> {
  const jobs = (await docker.jobs()).filter(({ Spec }) => names.includes(Spec.Labels?.[JOB_OF_LABEL] ?? ''));
  if (jobs.length === 0) return [];
  const now = (await docker.clock()) ?? Date.now();
  const busy = await Promise.all(jobs.map((job) => isUnderWay(docker, job, now)));
  return jobs.flatMap(({ Spec }, index) => (busy[index] ? [Spec.Name ?? ''] : []));
}

async function running(docker: Docker, services: readonly Service[]): Promise<string[]> {
  if (services.length === 0) return [];
  // One whose health was not asked yet is starting for Swarm, and writes.
  const tasks = (await docker.tasks({ service: services.map(({ ID }) => ID) })).filter(
    (task) => !hasEnded(task),
  );
  return services.flatMap(({ ID, Spec }) =>
    tasks.some(({ ServiceID }) => ServiceID === ID) ? [Spec.Name!] : [],
  );
}

const servicesOf = async (docker: Pick<Docker, 'services'>, names: readonly string[]): Promise<Service[]> =>
  (await docker.services()).filter(({ Spec }) => names.includes(Spec.Name ?? ''));

/** In place of what an earlier restore wrote. That nobody else is at one is known by its job alone. */
async function write(docker: Docker, namespace: string, stopped: StoppedWriters): Promise<void> {
  const earlier = await find(docker, namespace);
  if (earlier) await docker.removeConfig(earlier.ID);
  try {
    await docker.createConfig({
      Name: `${namespace}.restore`,
      Labels: { [LABEL]: namespace },
      Data: toData(stopped),
    });
  } catch (error) {
    if (!isTaken(error)) throw error;
    throw new Error('another restore has just begun\n  let it end, then run this again');
  }
}

/**
 * Starts them again, all at once, each watched as a rollout gate does; only when all are well it is forgotten that they were
 * stopped.
 *
 * @returns what did not come back, in words
 */
export async function startWriters(
  swarm: SwarmClient,
  namespace: string,
  { replicas }: StoppedWriters,
  say: (line: string) => void,
): Promise<string[]> {
  const { docker } = swarm;
  const services = (await docker.services()).filter(({ Spec }) => (Spec.Name ?? '') in replicas);
  const results = await Promise.all(
    services.map(async ({ ID, Version, Spec }) => {
      const name = Spec.Name!;
      const spec = withReplicas(Spec, replicas[name]!);
      await docker.updateService(ID, Version.Index, spec);
      const { outcome, reason } = await watchReturn(swarm, name, spec);
      say(`${name}: ${outcome === 'converged' ? `${replicas[name]} serve again` : reason}`);
      return outcome === 'converged' ? [] : [`${name}: ${reason}`];
    }),
  );
  const failed = results.flat();
  const config = await find(docker, namespace);
  if (failed.length === 0 && config) await docker.removeConfig(config.ID);
  return failed;
}

const replicasOf = ({ Mode }: ServiceSpec): number => Mode?.Replicated?.Replicas ?? 0;

const withReplicas = (spec: ServiceSpec, replicas: number): ServiceSpec => ({
  ...spec,
  Mode: { ...spec.Mode, Replicated: { ...spec.Mode?.Replicated, Replicas: replicas } },
});
