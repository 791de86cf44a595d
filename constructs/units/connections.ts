import { Memory } from './memory';

/** How many connections the entrance holds. More are refused, so that what they need fits the memory of edge and nginx. */
export interface Connections {
  /** Of one client address. */
  readonly perAddress: number;
  /** Of all. */
  readonly total: number;
}

/** 600 browsers behind one address, six connections each, and some that are about to end. */
export const CONNECTIONS_PER_ADDRESS = 4000;

/** While one address has all that it may have, as many are left for all others. */
const ADDRESSES = 2;

/** @throws Error for what is no number of connections */
export function connectionsOf(perAddress = CONNECTIONS_PER_ADDRESS): Connections {
  if (!Number.isInteger(perAddress) || perAddress < FEWEST || perAddress > MOST) {
    throw new Error(
      `connectionsPerAddress ${perAddress}: no number of connections for a client\n  write a whole number from ${FEWEST} to ${MOST}`,
    );
  }
  return { perAddress, total: ADDRESSES * perAddress };
}

/** One browser has six. */
const FEWEST = 10;
/** What has a port of its own between the edge and nginx. */
const MOST = 12_000;

/** What a program needs, in bytes. */
export interface ConnectionCost {
  /** Without any connection: master, workers, shared zones that are full. */
  readonly base: number;
  /** One connection on which nothing happens. */
  readonly idle: number;
  /**
   * One on which a client keeps as much as it can, which is most on HTTP/2: a request with a body, whose compressed answer it
   * does not take, and half a header of 32 kB of the next one.
   */
  readonly busy: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * Measured with nginx 1.30 and OpenSSL 3.6 by `npm run bench:connections`, which fails where one needs more; 6 KiB that
 * the kernel keeps for the sockets of one are among it. Data under way are not: a kernel without room for them slows down.
 */
export const CONNECTION_COSTS: Readonly<Record<'edge' | 'nginx', ConnectionCost>> = {
  edge: { base: 12 * MIB, idle: 19 * KIB, busy: 19 * KIB },
  nginx: { base: 48 * MIB, idle: 38 * KIB, busy: 196 * KIB },
};

/** What so many connections need, all in the same way. */
export const memoryFor = (cost: ConnectionCost, { total }: Connections, how: 'idle' | 'busy'): Memory =>
  Memory.mebibytes(Math.ceil((cost.base + total * cost[how]) / MIB));

/** The most connections of one address for which a memory is enough; 0 where it holds none. */
export const perAddressIn = ({ base, busy }: ConnectionCost, memory: Memory): number =>
  Math.max(0, Math.floor((memory.toBytes() - base) / (ADDRESSES * busy)));
