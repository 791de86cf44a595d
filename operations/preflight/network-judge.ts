import type { Network } from '../docker/answers';
import type { SynthesizedStack } from '../stack/synthesized';
import { type Finding, failure, ok, warning } from '../terminal/finding';
import { BRIDGE, type NetworkFacts, type Route } from './network';
import { firstFree, holds, inWords, overlap, parseSubnet, type Subnet } from './subnet';

const NAMESPACE = 'com.docker.stack.namespace';
/** What VXLAN puts around a packet, and the packets that Swarm makes whatever the network between its nodes takes. */
const WHOLE_MTU = 1500;
const GUIDE = 'docs/vps.md, "What the server\'s network has to be"';

/** What breaks a platform without a word: each part works, and packets do not arrive. */
export function judgeNetwork(
  facts: NetworkFacts | undefined,
  { namespace }: Pick<SynthesizedStack, 'namespace'>,
): Finding[] {
  if (!facts) return [];
  const found = [...judgeOverlaps(facts, namespace), ...judgeMtu(facts), ...judgeForwarding(facts)];
  return found.length > 0 ? found : [ok('network', 'overlaps nothing, and takes packets as they come')];
}

interface Range {
  readonly name: string;
  readonly subnet: Subnet;
  /** How to get another one. */
  readonly fix: string;
}

function judgeOverlaps({ networks, pool, routes, nameservers }: NetworkFacts, namespace: string): Finding[] {
  const ranges = (some: readonly Network[], fix: string): Range[] =>
    some.flatMap((network) =>
      subnetsOf(network).map((subnet) => ({ name: `network ${network.Name}`, subnet, fix })),
    );
  const ours = networks.filter(({ Labels }) => Labels?.[NAMESPACE] === namespace);
  const overlays = networks.filter(({ Driver }) => Driver === 'overlay');
  const next = firstFree(pool.pools, pool.bits, overlays.flatMap(subnetsOf));
  const all: Range[] = [
    ...ranges(ours, `if tasks need what is there, the Swarm needs another pool: ${GUIDE}`),
    ...ranges(
      networks.filter(({ Name }) => Name === BRIDGE),
      `give the other network another range, or this one before the Swarm is made: ${GUIDE}`,
    ),
    ...(ours.length === 0 && next
      ? [
          {
            name: `network ${namespace}, which the Swarm is going to make,`,
            subnet: next,
            fix: `make the Swarm with another pool now, host.addressPool in services.config.ts: ${GUIDE}`,
          },
        ]
      : []),
  ];
  return all.flatMap(({ name, subnet, fix }) => {
    const route = nearest(routes.filter((one) => overlap(one, subnet)));
    const resolver = nameservers.find((address) => holds(subnet, address));
    if (!route && resolver === undefined) return [];
    const way = route ? `${inWords(route)} by ${route.device}` : '';
    const asks =
      resolver === undefined ? '' : `its nameserver ${inWords({ base: resolver, bits: 32 }).split('/')[0]}`;
    return [
      warning(
        'network',
        `${name} has ${inWords(subnet)}, where the server reaches ${[way, asks].filter(Boolean).join(' and ')}: from tasks, what is there does not answer`,
        fix,
      ),
    ];
  });
}

const subnetsOf = ({ IPAM }: Network): Subnet[] =>
  (IPAM?.Config ?? []).flatMap(({ Subnet: text = '' }) => parseSubnet(text) ?? []);

/** The narrowest says most of what is there. */
const nearest = (routes: readonly Route[]): Route | undefined =>
  [...routes].sort((a, b) => b.bits - a.bits)[0];

function judgeMtu({ uplink, bridgeMtu, nodes }: NetworkFacts): Finding[] {
  const { device, mtu = WHOLE_MTU } = uplink ?? {};
  if (nodes > 1 && mtu < WHOLE_MTU) {
    return [
      warning(
        'network',
        `${device} takes packets of ${mtu} bytes, and the Swarm sends its nodes up to ${WHOLE_MTU}: what is larger is lost, so that connections open and large answers hang`,
        `let the network between the nodes take ${WHOLE_MTU} (provider, VPN), or run the platform on one node`,
      ),
    ];
  }
  if (bridgeMtu === undefined || mtu >= bridgeMtu) return [];
  return [
    warning(
      'network',
      `${device} takes packets of ${mtu} bytes, and tasks ask for up to ${bridgeMtu} (${BRIDGE}): where ICMP is filtered on the way, large answers hang`,
      `let the server say its own size in each connection: ${GUIDE}`,
    ),
  ];
}

function judgeForwarding({ uplink, withoutRules }: NetworkFacts): Finding[] {
  return [
    ...(uplink?.forwards === false
      ? [
          failure(
            'network',
            `the kernel forwards nothing that comes by ${uplink.device}: nobody reaches the platform, and it reaches nobody`,
            'sudo sysctl -w net.ipv4.ip_forward=1, and take what turns it off out of /etc/sysctl.d (or IPForward= out of /etc/systemd/network)',
          ),
        ]
      : []),
    ...(withoutRules
      ? [
          warning(
            'network',
            'Docker makes no rules of its own ("iptables": false in /etc/docker/daemon.json): tasks do not reach out, and each client has the address of the server',
            'take it out there, and restart Docker in a quiet moment, which ends every task',
          ),
        ]
      : []),
  ];
}
