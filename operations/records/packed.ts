import { gunzipSync, gzipSync } from 'node:zlib';
import type { RecordedParts, Release } from '../../contract/release';

/** Compressed bytes that a release may have. Swarm takes configs of less than 500 kB, and base64 adds a third. */
export const LARGEST = 200_000;

export const pack = (parts: RecordedParts): string =>
  gzipSync(JSON.stringify(parts), { level: 9 }).toString('base64');

export const packedBytes = (packed: string): number => Math.floor((packed.length * 3) / 4);

/** @throws in words where it is damaged */
export function unpack({ packed, number }: Pick<Release, 'packed'> & Partial<Release>): RecordedParts {
  try {
    return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString());
  } catch {
    throw new Error(
      `the record of ${number === undefined ? 'the release' : `release ${number}`} is damaged\n  choose another one: ./proctor releases`,
    );
  }
}
