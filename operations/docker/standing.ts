import { connect } from './connect';
import { explain } from './explain';
import { isRunning, isWanted, type Service, type ServiceSpec, type Task } from './snapshot';
import { within } from './within';

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

/** All services of the stack's namespace, by name. @throws ConnectionError when the server cannot be asked */
export async function standings({ host, sshOptions, namespace }: Namespaced): Promise<Map<string, Standing>> {
  // A connection of its own: the shared one may be the one that died.
  const connection = connect({ host, sshOptions, fresh: true });
  const filters = { label: [`com.docker.stack.namespace=${namespace}`] };
  try {
    const services = (await within(connection.docker.listServices({ filters }))) as unknown as (Service & {
      readonly Version: { readonly Index: number };
    })[];
    const tasks = (await within(connection.docker.listTasks({ filters }))) as unknown as (Task & {
      readonly ServiceID: string;
    })[];
    return new Map(
      services.map((service) => {
        const name = service.Spec.Name ?? service.ID;
        const running = new Map<string, number>();
        for (const task of tasks.filter(
          (one) => one.ServiceID === service.ID && isWanted(one) && isRunning(one),
        )) {
          const image = task.Spec.ContainerSpec?.Image ?? '?';
          running.set(image, (running.get(image) ?? 0) + 1);
        }
        const { ID: id, Spec: spec, PreviousSpec: previousSpec } = service;
        return [
          name,
          {
            id,
            name,
            version: service.Version.Index,
            spec,
            running,
            ...(previousSpec ? { previousSpec } : {}),
          },
        ];
      }),
    );
  } catch (error) {
    throw explain(error, host) ?? error;
  } finally {
    connection.close();
  }
}

/** Whether two specifications say the same, whatever the order of their keys. */
export function sameSpec(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
