import { type NetworkFacts, parseNameservers, parseRoutes } from '../../../../operations/preflight/network';
import { judgeNetwork } from '../../../../operations/preflight/network-judge';
import { inWords, parseAddress, parseSubnet, poolOf } from '../../../../operations/preflight/subnet';

// /proc/net/route of a server with a private network, a VPN and Docker.
const TABLE = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
tun0\t00000000\t0100000A\t0003\t0\t0\t0\t00000080\t0\t0\t0
tun0\t00000080\t0100000A\t0003\t0\t0\t0\t00000080\t0\t0\t0
ens10\t0000000A\t0100000A\t0003\t0\t0\t0\t0000FFFF\t0\t0\t0
eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
docker_gwbridge\t000012AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
`;

const network = (Name: string, Subnet: string, more: object = {}) => ({
  Id: Name,
  Name,
  Driver: 'overlay',
  IPAM: { Config: [{ Subnet }] },
  ...more,
});
const ours = (subnet: string) =>
  network('shop_shop', subnet, { Labels: { 'com.docker.stack.namespace': 'shop' } });
const ingress = network('ingress', '10.0.0.0/24');
const route = (subnet: string, device: string) => ({ ...parseSubnet(subnet)!, device });
const WELL: NetworkFacts = {
  networks: [ingress, ours('10.0.1.0/24')],
  pool: poolOf(undefined),
  nodes: 1,
  routes: [route('192.0.2.0/24', 'eth0')],
  nameservers: [parseAddress('192.0.2.53')!],
  uplink: { device: 'eth0', mtu: 1500, forwards: true },
  bridgeMtu: 1500,
  withoutRules: false,
};
const judge = (more: Partial<NetworkFacts>) => judgeNetwork({ ...WELL, ...more }, { namespace: 'shop' });

test('the kernel’s table says the ways, defaults and their halves apart', () => {
  const { routes, device } = parseRoutes(TABLE);
  expect(device).toBe('eth0');
  expect(routes.map((one) => `${one.device} ${inWords(one)}`)).toEqual([
    'ens10 10.0.0.0/16',
    'eth0 192.0.2.0/24',
    'docker_gwbridge 172.18.0.0/16',
  ]);
  expect(parseRoutes('')).toEqual({ routes: [] });
});

test('name servers are those of IPv4', () => {
  const text =
    '# nameserver 10.0.0.1\nnameserver 192.0.2.53\nnameserver fd00::1\noptions edns0\n nameserver 10.0.1.2\n';
  expect(parseNameservers(text)).toEqual([parseAddress('192.0.2.53'), parseAddress('10.0.1.2')]);
});

test('a server without any of it is well, and where nothing can be known nothing is said', () => {
  expect(judge({})).toMatchObject([{ level: 'ok' }]);
  expect(judgeNetwork(undefined, { namespace: 'shop' })).toEqual([]);
});

test('the platform’s network overlaps one of the server', () => {
  const routes = [route('10.0.0.0/8', 'wg0'), route('10.0.0.0/16', 'ens10')];
  expect(judge({ routes, nameservers: [parseAddress('10.0.1.2')!] })).toMatchObject([
    {
      level: 'warning',
      text: 'network shop_shop has 10.0.1.0/24, where the server reaches 10.0.0.0/16 by ens10 and its nameserver 10.0.1.2: from tasks, what is there does not answer',
      fix: expect.stringMatching(/docs\/vps\.md/),
    },
  ]);
  // No task is in Swarm's own, nor in what others have.
  expect(judge({ routes: [route('10.0.0.0/24', 'ens10')] })).toMatchObject([{ level: 'ok' }]);
});

test('the one that Swarm is going to make is foreseen', () => {
  const routes = [route('10.0.1.0/24', 'ens10')];
  expect(judge({ networks: [ingress], routes })).toMatchObject([
    {
      level: 'warning',
      text: expect.stringMatching(
        /^network shop, which the Swarm is going to make, has 10\.0\.1\.0\/24, where/,
      ),
      fix: expect.stringMatching(/host\.addressPool/),
    },
  ]);
  const pool = poolOf({ DefaultAddrPool: ['10.215.0.0/16'], SubnetSize: 24 });
  expect(judge({ networks: [ingress], routes, pool })).toMatchObject([{ level: 'ok' }]);
});

test('the tasks’ way out overlaps a network of the server', () => {
  const bridge = network('docker_gwbridge', '172.18.0.0/16', { Driver: 'bridge' });
  const networks = [...WELL.networks, bridge, network('bridge', '172.17.0.0/16', { Driver: 'bridge' })];
  const routes = [route('172.18.4.0/22', 'eth1'), route('172.17.0.0/16', 'eth2')];
  expect(judge({ networks, routes }).map(({ text }) => text)).toEqual([
    expect.stringMatching(
      /^network docker_gwbridge has 172\.18\.0\.0\/16, where .* 172\.18\.4\.0\/22 by eth1/,
    ),
  ]);
});

test('packets smaller than tasks ask for, and on several nodes than the Swarm sends', () => {
  const uplink = { device: 'eth0', mtu: 1450, forwards: true };
  expect(judge({ uplink })).toMatchObject([
    {
      level: 'warning',
      text: expect.stringMatching(/^eth0 takes packets of 1450 bytes, and tasks ask for up to 1500/),
    },
  ]);
  expect(judge({ uplink, bridgeMtu: 1400 })).toMatchObject([{ level: 'ok' }]);
  expect(judge({ uplink, bridgeMtu: 1400, nodes: 3 })).toMatchObject([
    { level: 'warning', text: expect.stringMatching(/the Swarm sends its nodes up to 1500/) },
  ]);
});

test('a kernel that forwards nothing stops a deploy, rules that Docker may not make are told', () => {
  expect(judge({ uplink: { device: 'eth0', forwards: false } })).toMatchObject([
    {
      level: 'failure',
      text: expect.stringMatching(/forwards nothing that comes by eth0/),
      fix: expect.stringMatching(/ip_forward=1/),
    },
  ]);
  expect(judge({ uplink: { device: 'eth0' } })).toMatchObject([{ level: 'ok' }]);
  expect(judge({ withoutRules: true })).toMatchObject([
    { level: 'warning', text: expect.stringMatching(/"iptables": false/) },
  ]);
});
