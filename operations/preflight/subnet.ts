import type { Info } from '../docker/answers';

/** A range of IPv4 addresses. */
export interface Subnet {
  /** Its first address. */
  readonly base: number;
  readonly bits: number;
}

const size = (bits: number) => 2 ** (32 - bits);

/** @returns undefined for what is no IPv4 range, an IPv6 one included */
export function parseSubnet(text: string): Subnet | undefined {
  const [address = '', bits = '32'] = text.split('/');
  const base = parseAddress(address);
  const length = Number(bits);
  if (base === undefined || !/^\d+$/.test(bits) || length > 32) return undefined;
  return { base: base - (base % size(length)), bits: length };
}

export function parseAddress(text: string): number | undefined {
  if (!/^\d+(\.\d+){3}$/.test(text)) return undefined;
  const bytes = text.split('.').map(Number);
  return bytes.some((byte) => byte > 255) ? undefined : bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

export const inWords = ({ base, bits }: Subnet): string =>
  `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join('.')}/${bits}`;

export const overlap = (a: Subnet, b: Subnet): boolean =>
  a.base < b.base + size(b.bits) && b.base < a.base + size(a.bits);

export const holds = (subnet: Subnet, address: number): boolean =>
  overlap(subnet, { base: address, bits: 32 });

/** The first part of the pools, of so many bits, that nothing has: what Swarm gives its next network. */
export function firstFree(
  pools: readonly Subnet[],
  bits: number,
  taken: readonly Subnet[],
): Subnet | undefined {
  for (const pool of pools) {
    const end = pool.base + size(pool.bits);
    let base = pool.base;
    while (base + size(bits) <= end) {
      const part = { base, bits };
      const other = taken.find((one) => overlap(one, part));
      if (!other) return part;
      // Past all of it: a large one would take many steps.
      base = Math.max(base + size(bits), other.base + size(other.bits));
    }
  }
  return undefined;
}

/** Where a Swarm's networks come from. */
export interface Pool {
  readonly pools: readonly Subnet[];
  /** Of each network that is cut from them. */
  readonly bits: number;
}

export function poolOf(cluster: NonNullable<Info['Swarm']>['Cluster']): Pool {
  const pools = (cluster?.DefaultAddrPool ?? []).flatMap((text) => parseSubnet(text) ?? []);
  return { pools: pools.length > 0 ? pools : [parseSubnet('10.0.0.0/8')!], bits: cluster?.SubnetSize || 24 };
}
