import type { Network } from '../docker/answers';
import { readFilesOnHost } from '../docker/on-host';
import type { PreflightContext } from './context';
import { type Pool, parseAddress, type Subnet } from './subnet';

/** A way of the kernel that is none of Docker's own. */
export interface Route extends Subnet {
  readonly device: string;
}

/** What of the server's own network the platform's depends on. What could not be read is absent. */
export interface NetworkFacts {
  readonly networks: readonly Network[];
  readonly pool: Pool;
  readonly nodes: number;
  readonly routes: readonly Route[];
  readonly nameservers: readonly number[];
  /** The device of the default route. */
  readonly uplink?: { readonly device: string; readonly mtu?: number; readonly forwards?: boolean };
  /** Of the bridge by which tasks reach out. */
  readonly bridgeMtu?: number;
  /** daemon.json forbids Docker the rules by which tasks reach out. */
  readonly withoutRules: boolean;
}

export const BRIDGE = 'docker_gwbridge';
const OF_DOCKER = /^(docker0|docker_gwbridge|br-[0-9a-f]{12}|veth.*|lo)$/;
/** Where systemd's own resolver stands in between, the real ones are in the second. */
const RESOLVERS = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'] as const;

/** @returns undefined where the login does not end in the network that the engine has, or may read nothing */
export async function gatherNetwork({
  docker,
  stack,
  nodes,
  info,
  listeners,
}: PreflightContext): Promise<NetworkFacts | undefined> {
  if (!(await listeners)) return undefined;
  const [table = '', settings = '', ...resolvers] = await readFilesOnHost(stack, [
    '/proc/net/route',
    '/etc/docker/daemon.json',
    ...RESOLVERS,
  ]);
  const { routes, device } = parseRoutes(table);
  const figures = await readFilesOnHost(stack, [
    `/sys/class/net/${device}/mtu`,
    `/proc/sys/net/ipv4/conf/${device}/forwarding`,
    `/sys/class/net/${BRIDGE}/mtu`,
  ]);
  const [mtu = NaN, forwarding = NaN, bridgeMtu = NaN] = figures.map((text) => Number.parseInt(text, 10));
  return {
    networks: await docker.networks(),
    pool: info.pool,
    nodes: (await nodes).length,
    routes: routes.filter((route) => !OF_DOCKER.test(route.device)),
    nameservers: resolvers.flatMap(parseNameservers),
    ...(device
      ? {
          uplink: {
            device,
            ...(Number.isNaN(mtu) ? {} : { mtu }),
            ...(Number.isNaN(forwarding) ? {} : { forwards: forwarding !== 0 }),
          },
        }
      : {}),
    ...(Number.isNaN(bridgeMtu) ? {} : { bridgeMtu }),
    withoutRules: /"iptables"\s*:\s*false/.test(settings),
  };
}

/** The kernel's table, addresses as little-endian hex: `eth0 00000000 0101A8C0 0003 0 0 100 00000000 0 0 0`. */
export function parseRoutes(table: string): { routes: readonly Route[]; device?: string } {
  const rows = table.split('\n').flatMap((line) => {
    const [device = '', base, , , , , metric, mask] = line.trim().split(/\s+/);
    if (!/^[0-9A-F]{8}$/.test(base ?? '') || !/^[0-9A-F]{8}$/.test(mask ?? '')) return [];
    const bits = [...fromHex(mask!).toString(2)].filter((bit) => bit === '1').length;
    return [{ device, base: fromHex(base!), bits, metric: Number(metric) }];
  });
  const [first] = rows.filter(({ bits }) => bits === 0).sort((a, b) => a.metric - b.metric);
  // 0.0.0.0/1 and 128.0.0.0/1 are how a VPN writes a default route.
  const routes = rows
    .filter(({ bits }) => bits > 1)
    .map(({ device, base, bits }) => ({ device, base, bits }));
  return { routes, ...(first ? { device: first.device } : {}) };
}

const fromHex = (hex: string): number =>
  (hex.match(/../g) ?? []).reverse().reduce((sum, byte) => sum * 256 + Number.parseInt(byte, 16), 0);

export const parseNameservers = (text: string): number[] =>
  [...text.matchAll(/^\s*nameserver\s+(\S+)/gm)].flatMap(([, address]) => parseAddress(address!) ?? []);
