import type { ServiceSpec } from '../docker/answers';
import type { Docker } from '../docker/client';
import { isRunning } from '../docker/snapshot';
import type { SwarmClient } from '../docker/swarm-client';
import { fromData, isTaken, toData } from '../records/document';
import { watchReturn } from '../rollback/watch-return';

/** A restore that stopped who writes: how many of each there were. Kept in the Swarm, so that whoever comes next knows it. */
export interface StoppedWriters {
  /** By the service's full name. */
  readonly replicas: Readonly<Record<string, number>>;
  /** ISO 8601. */
  readonly since: string;
}

const LABEL = 'proctor.restore';
const PATIENCE_MS = 180_000;

type Reading = Pick<Docker, 'configs'>;

const find = async (docker: Reading, namespace: string) =>
  (await docker.configs({ label: [`${LABEL}=${namespace}`] }))[0];

/** @returns undefined where no restore is under way, and none was cut off */
export async function readStopped(docker: Reading, namespace: string): Promise<StoppedWriters | undefined> {
  const config = await find(docker, namespace);
  return config && fromData<StoppedWriters>(config.Spec?.Data);
}

/**
 * Stops every task of these services, and waits until none runs. What they were is written down first; where an earlier
 * restore was cut off, that is what it wrote.
 */
export async function stopWriters(
  docker: Docker,
  namespace: string,
  names: readonly string[],
): Promise<StoppedWriters> {
  const earlier = await readStopped(docker, namespace);
  const services = (await docker.services()).filter(({ Spec }) => names.includes(Spec.Name ?? ''));
  const now = Object.fromEntries(
    services.flatMap(({ Spec }) => {
      const replicas = Spec.Mode?.Replicated?.Replicas ?? 0;
      return replicas > 0 ? [[Spec.Name!, replicas] as const] : [];
    }),
  );
  const stopped: StoppedWriters = {
    replicas: { ...now, ...earlier?.replicas },
    since: earlier?.since ?? new Date().toISOString(),
  };
  await write(docker, namespace, stopped);
  for (const { ID, Version, Spec } of services) {
    await docker.updateService(ID, Version.Index, withReplicas(Spec, 0));
  }
  const until = Date.now() + PATIENCE_MS;
  const filter = { service: services.map(({ ID }) => ID) };
  while (services.length > 0 && (await docker.tasks(filter)).some(isRunning)) {
    if (Date.now() > until) {
      throw new Error('who writes does not stop\n  see `docker service ps`, and run this again');
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return stopped;
}

async function write(docker: Docker, namespace: string, stopped: StoppedWriters): Promise<void> {
  const earlier = await find(docker, namespace);
  // Names are unique: two restores at one moment cannot both begin.
  if (earlier) await docker.removeConfig(earlier.ID);
  try {
    await docker.createConfig({
      Name: `${namespace}.restore`,
      Labels: { [LABEL]: namespace },
      Data: toData(stopped),
    });
  } catch (error) {
    if (!isTaken(error)) throw error;
    throw new Error('another restore is under way\n  let it end, then run this again');
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

const withReplicas = (spec: ServiceSpec, replicas: number): ServiceSpec => ({
  ...spec,
  Mode: { ...spec.Mode, Replicated: { ...spec.Mode?.Replicated, Replicas: replicas } },
});
