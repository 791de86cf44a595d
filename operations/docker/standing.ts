import { createHash } from 'node:crypto';
import type { Service, ServiceSpec, Task } from './answers';
import { withDocker } from './client';
import { isRunning, isWanted } from './snapshot';

/** A service as it stood at one moment. */
export interface Standing {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly spec: ServiceSpec;
  readonly previousSpec?: ServiceSpec;
  /** Tasks that run, by image. */
  readonly running: ReadonlyMap<string, number>;
}

/** A stack's namespace on one server. */
export interface Namespaced {
  readonly host: string;
  readonly sshOptions: readonly string[];
  readonly namespace: string;
}

/**
 * All services of the stack's namespace, by name.
 *
 * @param fresh over a connection of its own: the shared one may be the one that died. @default false
 * @throws ConnectionError when the server cannot be asked
 */
export function standings(
  { host, sshOptions, namespace }: Namespaced,
  fresh = false,
): Promise<Map<string, Standing>> {
  return withDocker({ host, sshOptions, fresh }, async (docker) => {
    const filters = { label: [`com.docker.stack.namespace=${namespace}`] };
    const [services, tasks] = await Promise.all([docker.services(filters), docker.tasks(filters)]);
    return new Map(
      services.map((service) => {
        const own = tasks.filter((task) => task.ServiceID === service.ID);
        const standing = standingOf(service, own);
        return [standing.name, standing];
      }),
    );
  });
}

function standingOf(
  { ID: id, Version, Spec: spec, PreviousSpec }: Service,
  tasks: readonly Task[],
): Standing {
  const running = new Map<string, number>();
  for (const task of tasks.filter((one) => isWanted(one) && isRunning(one))) {
    const image = task.Spec.ContainerSpec?.Image ?? '?';
    running.set(image, (running.get(image) ?? 0) + 1);
  }
  return {
    id,
    name: spec.Name ?? id,
    version: Version.Index,
    spec,
    running,
    ...(PreviousSpec ? { previousSpec: PreviousSpec } : {}),
  };
}

/** The same for the same content, whatever the order of keys. */
export const hashOf = (value: unknown): string =>
  createHash('sha256').update(canonical(value)).digest('hex').slice(0, 32);

/** Whether two specifications say the same, whatever the order of their keys. */
export function sameSpec(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** The same text for the same content, whatever the order of keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
