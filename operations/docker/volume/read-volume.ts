import { randomBytes } from 'node:crypto';
import type Dockerode from 'dockerode';

/** A small text file; what is larger is not what anybody looks for here. */
const MOST_BYTES = 64 * 1024;
const BLOCK = 512;
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

/**
 * Whether a volume of this node has anything in it, whatever a new file system has by itself aside.
 *
 * @returns undefined where the node has no image at all
 */
export function holdsFiles(docker: Dockerode, volume: string): Promise<boolean | undefined> {
  return withVolume(docker, volume, async (container) =>
    entriesOf(await collect(await container.getArchive({ path: AT }))).some((name) => name !== 'lost+found/'),
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

async function readFile(container: Dockerode.Container, path: string): Promise<string | undefined> {
  try {
    return contentOf(await collect(await container.getArchive({ path })));
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
}

/** The first file of an archive, which has only this one: a block that says how long it is, then the file. */
export function contentOf(tar: Buffer): string {
  const size = Number.parseInt(tar.toString('latin1', 124, 136), 8) || 0;
  return tar.toString('utf8', BLOCK, BLOCK + size);
}

/** What the first bytes of a folder's archive name in it; all of a small one. */
export function entriesOf(tar: Buffer): string[] {
  const names: string[] = [];
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const name = tar.toString('utf8', at, at + 100).replace(/\0.*$/s, '');
    if (name === '') break;
    names.push(name.replace(/^[^/]*\//, ''));
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8) || 0;
    at += BLOCK * (1 + Math.ceil(size / BLOCK));
  }
  return names.filter((name) => name !== '');
}

async function collect(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of stream) {
    parts.push(Buffer.from(part));
    length += part.length;
    // Leaving the loop ends the request.
    if (length > MOST_BYTES) break;
  }
  return Buffer.concat(parts);
}
