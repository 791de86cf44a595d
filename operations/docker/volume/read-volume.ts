import { randomBytes } from 'node:crypto';
import type Dockerode from 'dockerode';
import { DATA_ID_FILE } from '../../../contract/place';
import { listFolder, readFile } from './archive';

const LABEL = 'proctorwise.look';
const AT = '/look';

/**
 * Small files of a volume of this node, by their names in it; undefined for one that is not there.
 *
 * Docker shows a volume through a container only. One is made that is never started, with any image that the node has,
 * and removed again; the volume is mounted read-only. One that an earlier look left behind goes, too.
 *
 * @returns undefined where the node has no image at all
 */
export function readVolume(
  docker: Dockerode,
  volume: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, string | undefined> | undefined> {
  return withVolume(docker, volume, async (container) => {
    const files = names.map(async (name) => [name, await readFile(container, `${AT}/${name}`)] as const);
    return new Map(await Promise.all(files));
  });
}

/** A new file system has the one by itself. The other one is left by whoever empties a folder with `rm -rf *`. */
const NO_DATA = ['lost+found/', DATA_ID_FILE];

/**
 * Whether a volume of this node has anything in it that is data.
 *
 * @returns undefined where the node has no image at all
 */
export function holdsFiles(docker: Dockerode, volume: string): Promise<boolean | undefined> {
  return withVolume(docker, volume, async (container) =>
    (await listFolder(container, AT)).some((name) => !NO_DATA.includes(name)),
  );
}

async function withVolume<T>(
  docker: Dockerode,
  volume: string,
  look: (container: Dockerode.Container) => Promise<T>,
): Promise<T | undefined> {
  const images = await docker.listImages();
  if (images.length === 0) return undefined;
  await removeLeft(docker);
  const container = await createWith(
    images.map(({ Id }) => Id),
    (image) => createHolder(docker, image, volume),
  );
  try {
    return await look(container);
  } finally {
    await container.remove({ force: true, v: false });
  }
}

/** One may be for another platform, or its content may be gone: the next will do. @throws what the last one throws */
async function createWith<T>(
  [image, ...others]: string[],
  create: (image: string) => Promise<T>,
): Promise<T> {
  try {
    return await create(image!);
  } catch (error) {
    if (others.length === 0 || (error as { statusCode?: number }).statusCode === undefined) throw error;
    return createWith(others, create);
  }
}

const createHolder = (docker: Dockerode, image: string, volume: string): Promise<Dockerode.Container> =>
  docker.createContainer({
    name: `${LABEL}-${randomBytes(6).toString('hex')}`,
    Image: image,
    Entrypoint: ['/never-started'],
    Labels: { [LABEL]: volume },
    HostConfig: {
      NetworkMode: 'none',
      Mounts: [{ Type: 'volume', Source: volume, Target: AT, ReadOnly: true, VolumeOptions: NOTHING_COPIED }],
    },
  });

// An empty volume would else be filled from the image.
const NOTHING_COPIED = { NoCopy: true, Labels: {}, DriverConfig: { Name: '', Options: {} } };

async function removeLeft(docker: Dockerode): Promise<void> {
  const filters = { label: [LABEL], status: ['created'] };
  for (const { Id, Created } of await docker.listContainers({ all: true, filters })) {
    // A younger one may be another look's.
    if (Date.now() / 1000 - Created > 600) await docker.getContainer(Id).remove({ force: true, v: false });
  }
}
