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
ip link add docker_gwbridge type bridge && ip addr add 172.30.0.1/24 dev docker_gwbridge && ip link set docker_gwbridge up
for side in outside inside; do unshare -n sleep 60 > /dev/null 2>&1 & eval "$side=$!"; done
trap 'kill $outside $inside' EXIT
for there in $outside $inside; do
  until [ "$(readlink /proc/$there/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
done
ip link add eth0 type veth peer name eth0 netns $outside && ip addr add 203.0.113.10/24 dev eth0 && ip link set eth0 up
ip link add veth0 type veth peer name eth0 netns $inside && ip link set veth0 master docker_gwbridge up
in_outside() { nsenter -t $outside -n "$@"; }
in_inside() { nsenter -t $inside -n "$@"; }
in_outside ip addr add 203.0.113.7/24 dev eth0 && in_outside ip link set eth0 up && in_outside ip link set lo up
in_outside ip route add 172.30.0.0/24 via 203.0.113.10
in_inside ip addr add 172.30.0.2/24 dev eth0 && in_inside ip link set eth0 up && in_inside ip route add default via 172.30.0.1
echo 1 > /proc/sys/net/ipv4/ip_forward
nft -f - << 'NFT'
table ip docker_nat {
  chain prerouting {
    type nat hook prerouting priority dstnat
    iifname "docker_gwbridge" return
    tcp dport { 80, 8080 } dnat to 172.30.0.2:80
  }
  chain postrouting {
    type nat hook postrouting priority srcnat
    ip saddr 172.30.0.0/24 oifname "eth0" masquerade
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
const servers = [[null, [22, 443, 2377, 7946, 9100]], [inside, [80]]].map(([pid, ports]) => [spawn(...from(pid, listen(ports)), { stdio: ['ignore', 'pipe', 'inherit'] }), ports.length]);
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
    container: asks(inside, [['172.30.0.1', 9100], ['203.0.113.7', 1]]),
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

function packets(rules: string) {
  const probe = `${rules}\nnode -e '${PROBE.replaceAll("'", `'\\''`)}' $outside $inside`;
  const script = NETWORK.replace('PROBE', () => probe);
  const { stdout, stderr } = spawnSync('unshare', ['-n', 'sh', '-c', script], {
    encoding: 'utf8',
    timeout: 50_000,
  });
  if (!stdout.includes('{')) throw new Error(stderr);
  return JSON.parse(stdout);
}

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
    expect(container).toEqual({ '172.30.0.1:9100': 'open', '203.0.113.7:1': 'ECONNREFUSED' });
    expect(itself).toEqual({ '203.0.113.10:2377': 'open', '172.30.0.2:80': 'open' });
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
