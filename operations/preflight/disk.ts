import { readOnHost } from '../docker/on-host';
import { type Finding, ok, warning } from '../terminal/finding';

export interface Disk {
  readonly totalBytes: number;
  readonly freeBytes: number;
  readonly folder: string;
}

const GIB = 1024 ** 3;
/** An update pulls a new image beside the old one, and a full disk stops databases. */
const WARN_BYTES = 2 * GIB;
const WARN_SHARE = 0.1;

/**
 * Free space where Docker keeps its data, by `df` over the same ssh as all else. Undefined where the login allows no
 * command but Docker's.
 */
export async function gatherDisk(
  host: string,
  sshOptions: readonly string[],
  folder: string,
): Promise<Disk | undefined> {
  return parseDf(await readOnHost({ host, sshOptions }, ['df', '-P', '-k', '--', folder]), folder);
}

/** POSIX output: `Filesystem 1024-blocks Used Available Capacity Mounted on`. */
export function parseDf(output: string, folder: string): Disk | undefined {
  const columns = output.trim().split('\n').at(-1)?.trim().split(/\s+/) ?? [];
  const [total, free] = [Number(columns[1]), Number(columns[3])];
  if (columns.length < 6 || !Number.isFinite(total) || !Number.isFinite(free) || total <= 0) return undefined;
  return { totalBytes: total * 1024, freeBytes: free * 1024, folder };
}

export function judgeDisk(disk: Disk | undefined): Finding[] {
  if (!disk) {
    return [
      warning(
        'disk',
        'free space is not known: the login allows no `df`',
        'look at it there: df -h /var/lib/docker; docker system df',
      ),
    ];
  }
  const share = disk.freeBytes / disk.totalBytes;
  const text = `${(disk.freeBytes / GIB).toFixed(1)} GiB (${Math.floor(share * 100)} %) free at ${disk.folder}`;
  return disk.freeBytes < WARN_BYTES || share < WARN_SHARE
    ? [
        warning(
          'disk',
          text,
          'free some there: docker image prune --all --filter until=168h; docker system df',
        ),
      ]
    : [ok('disk', text)];
}
