import { readOnHost } from '../docker/on-host';
import { type Finding, ok, warning } from '../terminal/finding';
import { type DataFolder, dataFolders, type ImageStore } from './data-folders';

export interface Disk extends DataFolder {
  /** Undefined where the login allows no `df`, or not of this folder. */
  readonly space: Space | undefined;
}

export interface Space {
  readonly totalBytes: number;
  readonly freeBytes: number;
  /** Where its file system begins: two folders of one are one disk. */
  readonly mountedOn: string;
}

const GIB = 1024 ** 3;
/** An update pulls a new image beside the old one, and a full disk stops databases. */
const WARN_BYTES = 2 * GIB;
const WARN_SHARE = 0.1;

/** Free space where the engine keeps its data, images apart where they are elsewhere, by `df` over the same ssh as all else. */
export async function gatherDisks(
  host: Parameters<typeof readOnHost>[0],
  store: Partial<ImageStore>,
): Promise<Disk[]> {
  const folders = await dataFolders(store, (file) => readOnHost(host, ['cat', file]));
  // One by one: of two folders `df` fails where one of them may not be looked at.
  return Promise.all(
    folders.map(async (one) => ({
      ...one,
      space: parseDf(await readOnHost(host, ['df', '-P', '-k', '--', one.folder])),
    })),
  );
}

/** POSIX output: `Filesystem 1024-blocks Used Available Capacity Mounted on`; the last may have blanks. */
export function parseDf(output: string): Space | undefined {
  const line = output.trim().split('\n').at(-1) ?? '';
  const [, total, free, mountedOn] = /\s(\d+)\s+\d+\s+(\d+)\s+\d+%\s+(\/.*)$/.exec(line) ?? [];
  if (mountedOn === undefined || Number(total) <= 0) return undefined;
  return { totalBytes: Number(total) * 1024, freeBytes: Number(free) * 1024, mountedOn };
}

export function judgeDisks(disks: readonly Disk[]): Finding[] {
  const apart = disks.filter(
    ({ space }, index) =>
      !space || disks.findIndex((one) => one.space?.mountedOn === space.mountedOn) === index,
  );
  if (apart.length === 1) return apart.map((disk) => judgeDisk({ ...disk, images: true }, ''));
  return apart.map((disk) => judgeDisk(disk, disk.images ? ', where the images are' : ''));
}

function judgeDisk({ folder, images, space }: Disk, note: string): Finding {
  if (!space) {
    return warning(
      'disk',
      `free space at ${folder}${note && `${note},`} is not known: the login allows no \`df\` of it`,
      `look at it there: df -h ${folder}; docker system df`,
    );
  }
  const share = space.freeBytes / space.totalBytes;
  const text = `${(space.freeBytes / GIB).toFixed(1)} GiB (${Math.floor(share * 100)} %) free at ${folder}${note}`;
  if (space.freeBytes >= WARN_BYTES && share >= WARN_SHARE) return ok('disk', text);
  return warning(
    'disk',
    text,
    images
      ? 'free some there: ./proctor prune, which keeps the last releases; docker system df'
      : 'see what takes it, volumes or logs: docker system df -v',
  );
}
