import { randomUUID } from 'node:crypto';
import { DATA_ID_FILE } from '../../contract/place';
import type { DockerClient } from '../docker/client';
import type { DataId, Marker } from './marker';

/**
 * Whether a volume has the data that is remembered. `unknown`: nobody remembers which, it is on another node, or it
 * could not be looked at; that is no reason to refuse anything.
 */
export type Identity = 'same' | 'another' | 'unknown';

/** `unknown`: it is there, and no image with which one could look into it. */
export type VolumeState = 'data' | 'empty' | 'absent' | 'unknown';

/** What the Swarm says of it. */
export interface Remembered {
  readonly marker: Marker | undefined;
  /** The node that answers: the only one whose volumes can be seen. */
  readonly here: string;
  /** The task that runs, or the last that ran. */
  readonly ran: { readonly node: string; readonly container: string; readonly now: boolean } | undefined;
  /** Of this node; empty while a task runs, which shows that they are there. */
  readonly volumes: ReadonlyMap<string, VolumeState>;
}

type Looks = Pick<DockerClient, 'container' | 'fileIn' | 'filesIn'>;
type Read = (volume: string) => Promise<string | undefined>;

/** Asks only, and never fails. */
export async function identityOf(
  docker: Looks,
  { marker, here, ran, volumes }: Remembered,
): Promise<Identity> {
  const data = marker?.data;
  if (!data || marker.node !== here || (ran?.now && ran.node !== here)) return 'unknown';
  try {
    if (ran?.now) {
      const folders = await foldersOf(docker, ran.container, data.volumes);
      return await compare(data, data.volumes, (volume) =>
        readId(docker, ran.container, folders.get(volume)!),
      );
    }
    // One that is empty or not there is told for itself.
    const full = data.volumes.filter((volume) => volumes.get(volume) === 'data');
    return await compare(data, full, async (volume) => {
      const files = await docker.filesIn(volume, [DATA_ID_FILE]);
      if (!files) throw new Error('no image with which to look');
      return files.get(DATA_ID_FILE)?.trim();
    });
  } catch {
    return 'unknown';
  }
}

async function compare({ id }: DataId, volumes: readonly string[], read: Read): Promise<Identity> {
  const found: Identity[] = [];
  for (const volume of volumes) {
    // What one volume says counts, although another cannot be read.
    found.push(
      await read(volume).then(
        (text) => (text === id ? 'same' : 'another'),
        () => 'unknown',
      ),
    );
  }
  if (found.includes('another')) return 'another';
  return found.length === 0 || found.includes('unknown') ? 'unknown' : 'same';
}

/**
 * The id that the data of a running container has, one that was copied from elsewhere, too; where it has none, a new one.
 *
 * @param wanted an id that it has to have
 * @throws where one of its volumes cannot be read or written
 */
export async function giveId(
  docker: Pick<DockerClient, 'container' | 'fileIn' | 'putFile'>,
  container: string,
  volumes: readonly string[],
  wanted?: string,
): Promise<DataId> {
  const folders = [...(await foldersOf(docker, container, volumes)).values()];
  const found: (string | undefined)[] = [];
  for (const folder of folders) found.push(await readId(docker, container, folder));
  const id = wanted ?? found.find((text) => text !== undefined && ID.test(text)) ?? randomUUID();
  for (const folder of folders.filter((_, index) => found[index] !== id)) {
    await docker.putFile(container, folder, { name: DATA_ID_FILE, content: `${id}\n` });
    // Remembered is only what can be found again: else what is there would be taken for another.
    if ((await readId(docker, container, folder)) !== id) {
      throw new Error(`${folder}/${DATA_ID_FILE} was written, and is not there`);
    }
  }
  return { id, volumes };
}

const ID = /^[\w-]{8,64}$/;

const readId = async (
  docker: Pick<DockerClient, 'fileIn'>,
  container: string,
  folder: string,
): Promise<string | undefined> => (await docker.fileIn(container, `${folder}/${DATA_ID_FILE}`))?.trim();

/** Where a container has the volumes. @throws where it has not each of them */
async function foldersOf(
  docker: Pick<DockerClient, 'container'>,
  container: string,
  volumes: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { Mounts = [] } = await docker.container(container);
  return new Map(
    volumes.map((volume) => {
      const folder = Mounts.find(({ Type, Name }) => Type === 'volume' && Name === volume)?.Destination;
      if (folder === undefined) throw new Error(`its task has no volume ${volume}`);
      return [volume, folder] as const;
    }),
  );
}
