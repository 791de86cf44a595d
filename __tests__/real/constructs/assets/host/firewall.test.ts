import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeServer } from '../../../../support/programs/fake-server';

/**
 * The rules in a kernel: `outside` is a client, `server` has Docker's bridge and publishes ports as Docker does (DNAT in
 * prerouting, all forwarded), `inside` is a container. All are network namespaces of this test.
 */
const NETWORK = `
set -eu
ip link set lo up
ip link add $bridge type bridge && ip addr add 172.30.0.1/24 dev $bridge && ip link set $bridge up
for side in outside inside; do unshare -n sleep 60 > /dev/null 2>&1 & eval "$side=$!"; done
trap 'kill $outside $inside' EXIT
for there in $outside $inside; do
  until [ "$(readlink /proc/$there/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
done
ip link add $uplink type veth peer name eth0 netns $outside && ip addr add 203.0.113.10/24 dev $uplink && ip link set $uplink up
ip link add veth0 type veth peer name eth0 netns $inside && ip link set veth0 master $bridge up
in_outside() { nsenter -t $outside -n "$@"; }
in_inside() { nsenter -t $inside -n "$@"; }
in_outside ip addr add 203.0.113.7/24 dev eth0 && in_outside ip link set eth0 up && in_outside ip link set lo up
# The cloud's metadata, and its name server.
in_outside ip addr add 169.254.169.254/32 dev lo && ip route add 169.254.169.254 via 203.0.113.7
in_outside ip route add 172.30.0.0/24 via 203.0.113.10
in_inside ip addr add 172.30.0.2/24 dev eth0 && in_inside ip link set eth0 up && in_inside ip route add default via 172.30.0.1
echo 1 > /proc/sys/net/ipv4/ip_forward
nft -f - << NFT
table ip docker_nat {
  chain prerouting {
    type nat hook prerouting priority dstnat
    iifname "$bridge" return
    tcp dport { 80, 8080 } dnat to 172.30.0.2:80
  }
  chain postrouting {
    type nat hook postrouting priority srcnat
    ip saddr 172.30.0.0/24 oifname "$uplink" masquerade
  }
}
NFT
PROBE
`;

/** Listens on TCP ports of one side, and says from another which of them answer. */
const PROBE = `
const { spawn, spawnSync } = require('child_process');
const [outside, inside] = process.argv.slice(1);
const listen = (ports) => 'for (const p of ' + JSON.stringify(ports) + ') require("net").createServer((s) => s.end()).listen(p, () => process.stdout.write("."));setTimeout(() => process.exit(), 30000)';
const from = (pid, cmd) => (pid ? ['nsenter', ['-t', pid, '-n', process.execPath, '-e', cmd]] : [process.execPath, ['-e', cmd]]);
const servers = [[null, [22, 443, 2377, 7946, 9100]], [inside, [80]], [outside, [80, 53]]].map(([pid, ports]) => [spawn(...from(pid, listen(ports)), { stdio: ['ignore', 'pipe', 'inherit'] }), ports.length]);
const ready = ([child, count]) => new Promise((done) => child.stdout.on('data', (d) => (count -= String(d).length) || done()));
const asks = (pid, targets) => {
  const cmd = 'const t=' + JSON.stringify(targets) + ';Promise.all(t.map(([h,p])=>new Promise((d)=>{const s=require("net").connect({host:h,port:p});const e=(w)=>{s.destroy();d(w)};s.on("connect",()=>e("open"));s.on("error",(x)=>e(x.code));setTimeout(()=>e("silent"),1200)}))).then((r)=>console.log(JSON.stringify(r)))';
  const [program, args] = from(pid, cmd);
  const answers = JSON.parse(spawnSync(program, args, { encoding: 'utf8' }).stdout);
  return Object.fromEntries(targets.map(([host, port], i) => [host + ':' + port, answers[i]]));
};
Promise.all(servers.map(ready)).then(() => {
  const own = [22, 443, 2377, 7946, 9100, 80, 8080].map((port) => ['203.0.113.10', port]);
  console.log(JSON.stringify({
    outside: asks(outside, [...own, ['172.30.0.2', 80]]),
    container: asks(inside, [['172.30.0.1', 9100], ['172.30.0.1', 22], ['203.0.113.7', 1], ['169.254.169.254', 80], ['169.254.169.254', 53]]),
    itself: asks(null, [['203.0.113.10', 2377], ['172.30.0.2', 80]]),
  }));
  for (const [child] of servers) child.kill();
});
`;

const may = spawnSync('unshare', ['-n', 'sh', '-c', 'command -v nft nsenter && nft add table inet x'], {
  stdio: 'ignore',
});
if (may.status !== 0)
  console.warn('SKIPPED: no nft, or no network namespaces, the firewall filtered no packet');

function packets(rules: string, { uplink = 'eth0', bridge = 'docker_gwbridge' } = {}) {
  const probe = `${rules}\nnode -e '${PROBE.replaceAll("'", `'\\''`)}' $outside $inside`;
  const script = NETWORK.replace('PROBE', () => probe);
  const { stdout, stderr } = spawnSync('unshare', ['-n', 'sh', '-c', script], {
    encoding: 'utf8',
    env: { ...process.env, uplink, bridge },
    timeout: 50_000,
  });
  if (!stdout.includes('{')) throw new Error(stderr);
  return JSON.parse(stdout);
}

const loaded = (rules: string) => `nft -f - << 'RULES'\n${rules}\nRULES`;

/** The rules that the step makes of a server. */
function rulesOf(settings: Record<string, string>, prepare: (server: FakeServer) => void = () => {}): string {
  const server = new FakeServer();
  try {
    prepare(server);
    const { status, output } = server.run(['firewall'], settings);
    if (status !== 0 || server.told('unexpected')) throw new Error(output);
    return server.read('etc/swarm-host/firewall.nft');
  } finally {
    server.remove();
  }
}

/** The kernel's tables of routes, with a default route by this device. */
const routed = (server: FakeServer, device: string, device6 = '') => {
  const row = [device, '00000000', '0100000A', '0003', '0', '0', '100', '00000000', '0', '0', '0'].join('\t');
  server.write('proc/net/route', `Iface\tDestination\n${row}\n`);
  const zeros = '0'.repeat(32);
  if (device6) {
    const fields = [zeros, '00', zeros, '00', `fe80${'0'.repeat(27)}1`, '00000400', '1', '0', '3'];
    server.write('proc/net/ipv6_route', `${fields.join(' ')} ${device6}\n`);
  }
};

const ALL_OPEN = {
  '172.30.0.1:9100': 'open',
  '172.30.0.1:22': 'open',
  '203.0.113.7:1': 'ECONNREFUSED',
  '169.254.169.254:80': 'open',
  '169.254.169.254:53': 'open',
};

(may.status === 0 ? describe : describe.skip)('from outside', () => {
  let rules: string;
  let unit: string;
  beforeAll(() => {
    const server = new FakeServer();
    // UDP, too: the kernel has to take these lines as well.
    server.run(['firewall'], { HOST_UDP_PORTS: '51820' });
    rules = readFileSync(join(server.root, 'etc/swarm-host/firewall.nft'), 'utf8');
    unit = readFileSync(join(server.root, 'etc/systemd/system/swarm-host-firewall.service'), 'utf8');
    server.remove();
  });

  test('everything would answer without the rules', () => {
    const { outside } = packets('');
    expect(new Set(Object.values(outside))).toEqual(new Set(['open']));
  });

  test('ssh and the public ports answer, the Swarm ports and what Docker publishes elsewhere do not', () => {
    // Twice: a second load replaces the first.
    const twice = `for i in 1 2; do nft -f - << 'RULES'\n${rules}\nRULES\ndone`;
    const { outside, container, itself } = packets(twice);
    expect(outside).toEqual({
      '203.0.113.10:22': 'open',
      '203.0.113.10:443': 'open',
      '203.0.113.10:80': 'open',
      '203.0.113.10:2377': 'silent',
      '203.0.113.10:7946': 'silent',
      '203.0.113.10:9100': 'silent',
      '203.0.113.10:8080': 'silent',
      '172.30.0.2:80': 'silent',
    });
    // Containers reach the server and the world (here a port that nobody listens on), and the server itself and them.
    expect(container).toEqual(ALL_OPEN);
    expect(itself).toEqual({ '203.0.113.10:2377': 'open', '172.30.0.2:80': 'open' });
  });

  const SILENT = [
    '203.0.113.10:2377',
    '203.0.113.10:7946',
    '203.0.113.10:9100',
    '203.0.113.10:8080',
    '172.30.0.2:80',
  ];

  test.each<[string, string, (server: FakeServer) => void]>([
    [
      'is called like a bridge of Docker to the last digit',
      'br-0123456789ab',
      (server) => routed(server, 'br-0123456789ab'),
    ],
    ['is only there for IPv6', 'br-0a', (server) => routed(server, 'eth0', 'br-0a')],
    ['has no default route', 'br-ext', (server) => server.write('sys/class/net/br-ext/mtu', '1500')],
    ['is nowhere to be seen yet', 'br-lan', () => {}],
    ['is the one that Docker calls its own', 'docker0', (server) => routed(server, 'docker0')],
  ])('an uplink that %s (%s) is outside', (_, uplink, prepare) => {
    const { outside, container } = packets(loaded(rulesOf({}, prepare)), { uplink });
    expect(
      Object.keys(outside)
        .filter((target) => outside[target] === 'silent')
        .sort(),
    ).toEqual(SILENT.sort());
    expect(container).toEqual(ALL_OPEN);
  });

  test.each<[string, string, (server: FakeServer) => void]>([
    ['a network that is made later', 'br-fedcba987654', () => {}],
    [
      'a name that somebody gave it',
      'shop0',
      (server) => server.prepared().says({ bridges: 'docker0\n\nshop0\n' }),
    ],
  ])('a bridge of Docker with %s is inside', (_, bridge, prepare) => {
    const { outside, container } = packets(loaded(rulesOf({}, prepare)), { bridge });
    expect(outside).toMatchObject({
      '203.0.113.10:80': 'open',
      '203.0.113.10:8080': 'silent',
      '172.30.0.2:80': 'silent',
    });
    expect(container).toEqual(ALL_OPEN);
  });

  describe('what containers reach, where the catalogue closes it', () => {
    test.each<[Record<string, string>, Record<string, string>]>([
      [{ HOST_METADATA: 'closed' }, { '169.254.169.254:80': 'silent', '169.254.169.254:53': 'silent' }],
      [{ HOST_METADATA: 'closed 53 53/udp' }, { '169.254.169.254:80': 'silent' }],
      [{ HOST_OWN_PORTS: 'closed' }, { '172.30.0.1:22': 'silent', '172.30.0.1:9100': 'silent' }],
      [{ HOST_OWN_PORTS: 'closed 9100 123/udp' }, { '172.30.0.1:22': 'silent' }],
    ])('%j', (settings, silent) => {
      const { outside, container, itself } = packets(loaded(rulesOf(settings)));
      expect(container).toEqual({ ...ALL_OPEN, ...silent });
      expect(outside).toMatchObject({ '203.0.113.10:22': 'open', '203.0.113.10:80': 'open' });
      expect(itself).toEqual({ '203.0.113.10:2377': 'open', '172.30.0.2:80': 'open' });
    });

    test('is not what they look names up with', () => {
      const resolver = (server: FakeServer) =>
        server.write('run/systemd/resolve/resolv.conf', '# of the cloud\nnameserver 169.254.169.254\n');
      expect(() => rulesOf({ HOST_METADATA: 'closed 53' }, resolver)).toThrow(
        /failed firewall: containers look names up at 169.254.169.254 here .*\n {2}leave that open: containersTo/,
      );
      expect(rulesOf({ HOST_METADATA: 'closed 53 53/udp' }, resolver)).toContain('udp dport { 53 } return');
    });
  });

  test('the rules read the same whether the server knows names of protocols or not', () => {
    const [, listing] = /; (nft .*?);/.exec(unit) ?? [];
    const load = `nft -f - << 'RULES'\n${rules}\nRULES`;
    const names = 'icmp 1 ICMP\\nudp 17 UDP\\nipv6-icmp 58 IPv6-ICMP\\n';
    const lists = `mount -t tmpfs none /etc\n${load}\n${listing}; echo ---; printf '${names}' > /etc/protocols; ${listing}`;
    const { stdout, stderr } = spawnSync('unshare', ['-n', '-m', 'sh', '-c', lists], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const [without, withNames] = stdout.split('---\n');
    expect(without).toMatch(/chain published/);
    expect(withNames).toBe(without);
  });
});
