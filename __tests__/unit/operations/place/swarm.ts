import type { SwarmNode } from '../../../../operations/docker/answers';
import type { NewConfig } from '../../../../operations/docker/client';
import type { Placed, PlaceFacts } from '../../../../operations/place/look';
import type { Marker } from '../../../../operations/place/marker';

export const LABEL = 'shop.mariadb';
export const PINNED = `node.labels.${LABEL}==true`;
export const VOLUME = 'shop_mariadb_data';
const FOLDER = '/var/lib/mysql';

export const node = (
  ID: string,
  { Role = 'manager', Labels = {} }: { Role?: string; Labels?: Record<string, string> } = {},
): SwarmNode => ({
  ID,
  Version: { Index: 7 },
  Spec: { Role, Availability: 'active', Labels },
  Description: {
    Hostname: `host-${ID}`,
    Resources: { NanoCPUs: 4e9, MemoryBytes: 2 ** 33 },
    Platform: { Architecture: 'x86_64', OS: 'linux' },
    Engine: { Labels: { disk: 'ssd' } },
  },
  Status: { State: 'ready', Addr: '203.0.113.10' },
});

export const labelled = (ID: string) => node(ID, { Labels: { [LABEL]: 'true' } });

export const placed = (more: Partial<Placed> = {}): Placed => ({
  id: 'mariadb',
  service: 'shop_mariadb',
  volumes: [VOLUME],
  constraints: ['node.role==manager'],
  label: LABEL,
  ...more,
});

export const markerOf = (at: string): Marker => ({
  configId: 'c1',
  node: at,
  hostname: `host-${at}`,
  since: '2026-11-27T12:00:00Z',
});

/** Of which the data has an id. */
export const knownOf = (at: string, id = 'of-old'): Marker => ({
  ...markerOf(at),
  data: { id, volumes: [VOLUME] },
});

/** One node `a`, on which nothing is. */
export const facts = (more: Partial<PlaceFacts> = {}): PlaceFacts => ({
  nodes: [node('a')],
  here: 'a',
  ran: undefined,
  marker: undefined,
  volumes: new Map([[VOLUME, 'absent']]),
  identity: 'unknown',
  inForce: undefined,
  ...more,
});

export const running = (at: string): Partial<PlaceFacts> => ({
  ran: { node: at, container: 'x', now: true },
  volumes: new Map(),
});

/** A Swarm that remembers what it was told. */
export class Swarm {
  nodesOf = [node('a')];
  here = 'a';
  tasksOf: object[] = [];
  serviceNames: string[] = [];
  volumeNames: string[] = [];
  files: boolean | undefined = true;
  /** How often somebody else is faster. */
  faster = 0;
  /** The file with the id in the volume, if there is one. */
  fileWithId: string | undefined;
  /** Why no file can be read or written. */
  fault: Error | undefined;
  readonly kept = new Map<string, NewConfig>();
  readonly done: string[] = [];

  info = async () => ({ Swarm: { NodeID: this.here } });
  nodes = async () => this.nodesOf;
  node = async (id: string) => this.nodesOf.find(({ ID }) => ID === id)!;
  services = async () =>
    this.serviceNames.map((Name) => ({ ID: `id-${Name}`, Spec: { Name, TaskTemplate: {} } }));
  tasks = async () => this.tasksOf;
  volumes = async () => this.volumeNames.map((Name) => ({ Name }));
  holdsFiles = async () => this.files;
  filesIn = async (volume: string, names: readonly string[]) => {
    if (this.fault) throw this.fault;
    if (this.files === undefined) return undefined;
    return new Map(names.map((name) => [name, volume === VOLUME ? this.fileWithId : undefined]));
  };
  container = async () => ({
    Mounts: [{ Type: 'tmpfs' }, { Type: 'volume', Name: VOLUME, Destination: FOLDER }],
  });
  fileIn = async (container: string, path: string) => {
    if (this.fault) throw this.fault;
    return container === 'x' && path === `${FOLDER}/.proctorwise-data` ? this.fileWithId : undefined;
  };
  putFile = async (container: string, folder: string, file: { name: string; content: string }) => {
    if (this.fault) throw this.fault;
    this.done.push(`put ${folder}/${file.name} into ${container}`);
    this.fileWithId = file.content;
  };
  configs = async () =>
    [...this.kept].map(([ID, Spec]) => ({
      ID,
      Version: { Index: 3 },
      CreatedAt: '2026-11-27T12:00:00.123Z',
      Spec,
    }));
  updateConfig = async (id: string, version: number, spec: NewConfig) => {
    this.done.push(`config ${this.kept.get(id)?.Name} at ${version}`);
    this.kept.set(id, spec);
  };
  createConfig = async (spec: NewConfig) => {
    if ([...this.kept.values()].some(({ Name }) => Name === spec.Name)) {
      throw Object.assign(new Error('rpc error: code = AlreadyExists'), { statusCode: 409 });
    }
    this.done.push(`create ${spec.Name}`);
    this.kept.set(`c${this.done.length}`, spec);
  };
  removeConfig = async (id: string) => {
    this.done.push(`remove ${this.kept.get(id)?.Name}`);
    this.kept.delete(id);
  };
  updateNode = async (id: string, version: number, Spec: SwarmNode['Spec']) => {
    if (this.faster-- > 0) {
      throw Object.assign(new Error('rpc error: code = Unknown desc = update out of sequence'), {
        statusCode: 500,
      });
    }
    this.done.push(`node ${id} at ${version}: ${JSON.stringify(Spec.Labels)}`);
    this.nodesOf = this.nodesOf.map((one) => (one.ID === id ? { ...one, Spec } : one));
  };

  /** Its task runs there. */
  run(at: string): void {
    this.serviceNames = ['shop_mariadb', 'shop_mariadb2'];
    this.tasksOf = [
      {
        NodeID: at,
        CreatedAt: '2026-11-27T12:00:00Z',
        Status: { State: 'running', ContainerStatus: { ContainerID: 'x' } },
      },
      // The scheduler's wish is no place where it has been.
      { NodeID: 'elsewhere', CreatedAt: '2026-11-27T12:30:00Z', Status: { State: 'rejected' } },
    ];
  }
}
