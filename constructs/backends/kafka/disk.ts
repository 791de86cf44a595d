import { Memory } from '../../units';

/** Kafka's own names for what bounds a partition. */
export interface PartitionBounds {
  readonly retentionBytes: number;
  readonly segmentBytes: number;
}

export interface DiskOptions {
  readonly disk?: Memory;
  readonly topics?: readonly string[];
  readonly partitions?: number;
  readonly retentionBytes?: number;
  readonly maxMessageBytes?: number;
}

/** A week of some messages a second, on a server of the smallest kind. */
const DISK = Memory.gibibytes(4);
/** Where the catalogue does not name them. */
const TOPICS = 10;

const MIB = 1024 ** 2;
/** Kafka's own, which is its largest useful one, too. */
const LARGEST_SEGMENT = 1024 * MIB;

/**
 * What each partition may keep so that all of them fit the disk. Kafka only ever deletes whole segments, and never the one
 * that is written: a partition holds up to a segment more than its retention, and one more waits to be deleted.
 *
 * @throws where the disk is too small for so many partitions
 */
export function partitionBounds(id: string, options: DiskOptions): PartitionBounds {
  const { disk, topics, partitions = 1, retentionBytes, maxMessageBytes = MIB } = options;
  const least = Math.max(MIB, maxMessageBytes);
  const segment = (eighths: number) => Math.min(LARGEST_SEGMENT, Math.max(least, Math.floor(eighths)));
  if (retentionBytes !== undefined) {
    if (disk !== undefined) {
      throw new Error(`${id}: disk and retentionBytes both bound the messages\n  leave retentionBytes out`);
    }
    return { retentionBytes, segmentBytes: segment(retentionBytes / 6) };
  }
  const count = (topics?.length ?? TOPICS) * partitions;
  const room = (disk ?? DISK).toBytes() / Math.max(1, count);
  if (room < 4 * least) {
    const needed = Math.ceil((4 * least * count) / MIB);
    throw new Error(
      `${id}: a disk of ${disk ?? DISK} is too small for ${count} partitions\n  give at least Memory.mebibytes(${needed}), or fewer partitions`,
    );
  }
  const segmentBytes = segment(room / 8);
  return { segmentBytes, retentionBytes: Math.floor(room) - 2 * segmentBytes };
}
