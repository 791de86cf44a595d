import type { SwarmNode, Task } from '../docker/answers';
import type { DockerClient } from '../docker/client';
import { isRunning } from '../docker/snapshot';
import { type Marker, readMarker } from './marker';

/** A service with data, as the catalogue has it. */
export interface Placed {
  /** As in the catalogue. */
  readonly id: string;
  /** As in Swarm. */
  readonly service: string;
  readonly volumes: readonly string[];
  readonly constraints: readonly string[];
  /** Of the node that has its volume. */
  readonly label: string;
}

/** `unknown`: it is there, and no image with which one could look into it. */
export type VolumeState = 'data' | 'empty' | 'absent' | 'unknown';

/** What the Swarm says about where a service's data is. */
export interface PlaceFacts {
  readonly nodes: readonly SwarmNode[];
  /** The node that answers: the only one whose volumes can be seen. */
  readonly here: string;
  /** The node of the task that runs, or of the last that ran. */
  readonly ran: { readonly node: string; readonly now: boolean } | undefined;
  readonly marker: Marker | undefined;
  /** Of this node; empty while a task runs, which shows that they are there. */
  readonly volumes: ReadonlyMap<string, VolumeState>;
  /** The constraints of the service that exists; undefined where there is none. */
  readonly inForce: readonly string[] | undefined;
}

type Api = Pick<DockerClient, 'info' | 'nodes' | 'services' | 'tasks' | 'configs' | 'volumes' | 'holdsFiles'>;

/** Asks only, and changes nothing. */
export async function lookForData(docker: Api, { service, volumes }: Placed): Promise<PlaceFacts> {
  const here = (await docker.info()).Swarm?.NodeID ?? '';
  const nodes = await docker.nodes();
  // The filter matches prefixes, too.
  const found = (await docker.services({ name: [service] })).find(({ Spec }) => Spec.Name === service);
  const ran = found ? lastPlace(await docker.tasks({ service: [found.ID] })) : undefined;
  const marker = await readMarker(docker, service);
  return {
    nodes,
    here,
    ran,
    marker,
    volumes: ran?.now ? new Map() : await statesOf(docker, volumes),
    inForce: found ? (found.Spec.TaskTemplate.Placement?.Constraints ?? []) : undefined,
  };
}

/** One that never had a container has shown nothing. */
export function lastPlace(tasks: readonly Task[]): PlaceFacts['ran'] {
  const [last] = tasks
    .filter(({ NodeID, Status }) => NodeID && Status.ContainerStatus?.ContainerID)
    .sort(
      (a, b) =>
        Number(isRunning(b)) - Number(isRunning(a)) || Date.parse(b.CreatedAt) - Date.parse(a.CreatedAt),
    );
  return last ? { node: last.NodeID!, now: isRunning(last) } : undefined;
}

async function statesOf(
  docker: Pick<DockerClient, 'volumes' | 'holdsFiles'>,
  names: readonly string[],
): Promise<ReadonlyMap<string, VolumeState>> {
  if (names.length === 0) return new Map();
  const there = new Set((await docker.volumes()).map(({ Name }) => Name));
  const states = new Map<string, VolumeState>();
  for (const name of names) {
    if (!there.has(name)) states.set(name, 'absent');
    else {
      const holds = await docker.holdsFiles(name);
      states.set(name, holds === undefined ? 'unknown' : holds ? 'data' : 'empty');
    }
  }
  return states;
}
