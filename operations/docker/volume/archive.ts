import type Dockerode from 'dockerode';

/** A small text file; what is larger is not what anybody looks for here. */
const MOST_BYTES = 64 * 1024;
const BLOCK = 512;

/**
 * A small file of a container, whether it runs or not: what `docker cp` does.
 *
 * @returns undefined where the container is there, and the file is not
 */
export async function readFile(container: Dockerode.Container, path: string): Promise<string | undefined> {
  try {
    return contentOf(await collect(await container.getArchive({ path })));
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
    // Docker says the same of a container that is gone, and then this throws.
    await container.inspect();
    return undefined;
  }
}

/** What a folder of a container has in it, as far as it fits into a small archive. */
export async function listFolder(container: Dockerode.Container, path: string): Promise<string[]> {
  return entriesOf(await collect(await container.getArchive({ path })));
}

/**
 * Puts a small file into a folder of a container, for everybody to read. It belongs to whom the folder belongs to: an
 * entrypoint that gives its data to another user has nothing to do, and needs no right for that.
 */
export async function writeFile(
  container: Dockerode.Container,
  folder: string,
  { name, content }: { readonly name: string; readonly content: string },
): Promise<void> {
  const { uid, gid } = ownerIn(await collect(await container.getArchive({ path: folder }), BLOCK));
  await container.putArchive(archiveOf({ name, content, uid, gid }), { path: folder });
}

/** The first file of an archive, which has only this one: a block that says how long it is, then the file. */
export function contentOf(tar: Buffer): string {
  return tar.toString('utf8', BLOCK, BLOCK + numberAt(tar, 124, 12));
}

/** What the first bytes of a folder's archive name in it; all of a small one. */
export function entriesOf(tar: Buffer): string[] {
  const names: string[] = [];
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const name = tar.toString('utf8', at, at + 100).replace(/\0.*$/s, '');
    if (name === '') break;
    names.push(name.replace(/^[^/]*\//, ''));
    at += BLOCK * (1 + Math.ceil(numberAt(tar, at + 124, 12) / BLOCK));
  }
  return names.filter((name) => name !== '');
}

/** Of an archive's first entry, which is the folder itself. */
const ownerIn = (tar: Buffer) => ({ uid: numberAt(tar, 108, 8), gid: numberAt(tar, 116, 8) });

const numberAt = (tar: Buffer, at: number, length: number): number =>
  Number.parseInt(tar.toString('latin1', at, at + length), 8) || 0;

/** An archive of one file, as POSIX has it (ustar). */
export function archiveOf(file: {
  readonly name: string;
  readonly content: string;
  readonly uid: number;
  readonly gid: number;
}): Buffer {
  const content = Buffer.from(file.content);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  header.write(file.name, 0);
  octal(0o444, 100, 8);
  octal(file.uid, 108, 8);
  octal(file.gid, 116, 8);
  octal(content.length, 124, 12);
  octal(Math.floor(Date.now() / 1000), 136, 12);
  // A plain file.
  header.write('0', 156);
  header.write('ustar\0' + '00', 257);
  // The sum counts its own field as blanks.
  header.fill(' ', 148, 156);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  return Buffer.concat([header, content, padding, Buffer.alloc(2 * BLOCK)]);
}

async function collect(stream: NodeJS.ReadableStream, most = MOST_BYTES): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of stream) {
    parts.push(Buffer.from(part));
    length += part.length;
    // Leaving the loop ends the request.
    if (length > most) break;
  }
  return Buffer.concat(parts);
}
