import type { Service, SwarmNode, Task } from '../docker/answers';
import type { DockerClient } from '../docker/client';
import { isRunning } from '../docker/snapshot';
import { type Identity, identityOf, type Remembered, type VolumeState } from './identity';
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

/** What the Swarm says about where a service's data is. */
export interface PlaceFacts extends Remembered {
  readonly nodes: readonly SwarmNode[];
  /** Whether what is in them is the data that is remembered. */
  readonly identity: Identity;
  /** The constraints of the service that exists; undefined where there is none. */
  readonly inForce: readonly string[] | undefined;
}

type Api = Pick<
  DockerClient,
  | 'info'
  | 'nodes'
  | 'services'
  | 'tasks'
  | 'configs'
  | 'volumes'
  | 'holdsFiles'
  | 'filesIn'
  | 'container'
  | 'fileIn'
>;

/** Asks only, and changes nothing. */
export async function lookForData(docker: Api, { service, volumes: names }: Placed): Promise<PlaceFacts> {
  const here = (await docker.info()).Swarm?.NodeID ?? '';
  const nodes = await docker.nodes();
  // The filter matches prefixes, too.
  const found = (await docker.services({ name: [service] })).find(({ Spec }) => Spec.Name === service);
  const ran = found ? lastPlace(await docker.tasks({ service: [found.ID] })) : undefined;
  const marker = await readMarker(docker, service);
  const volumes = ran?.now ? new Map<string, VolumeState>() : await statesOf(docker, names);
  return {
    nodes,
    here,
    ran,
    marker,
    volumes,
    identity: await identityOf(docker, { marker, here, ran, volumes }),
    inForce: found ? (found.Spec.TaskTemplate.Placement?.Constraints ?? []) : undefined,
  };
}

/** Whether those that run here have the data that is remembered; by service. */
export async function lookForIdentities(
  docker: Pick<DockerClient, 'container' | 'fileIn' | 'filesIn'>,
  {
    here,
    services,
    tasks,
    markers,
  }: {
    readonly here: string;
    readonly services: readonly Service[];
    readonly tasks: readonly Task[];
    readonly markers: ReadonlyMap<string, Marker>;
  },
): Promise<ReadonlyMap<string, Identity>> {
  const found = new Map<string, Identity>();
  for (const { ID, Spec } of services) {
    const marker = markers.get(Spec.Name ?? '');
    if (!marker) continue;
    const ran = lastPlace(tasks.filter(({ ServiceID }) => ServiceID === ID));
    // Without what is in volumes that nobody uses, for which a container would be made.
    found.set(Spec.Name ?? '', await identityOf(docker, { marker, here, ran, volumes: new Map() }));
  }
  return found;
}

/** One that never had a container has shown nothing. */
export function lastPlace(tasks: readonly Task[]): PlaceFacts['ran'] {
  const [last] = tasks
    .filter(({ NodeID, Status }) => NodeID && Status.ContainerStatus?.ContainerID)
    .sort(
      (a, b) =>
        Number(isRunning(b)) - Number(isRunning(a)) || Date.parse(b.CreatedAt) - Date.parse(a.CreatedAt),
    );
  return last
    ? {
        node: last.NodeID!,
        container: last.Status.ContainerStatus!.ContainerID!,
        now: isRunning(last),
      }
    : undefined;
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
