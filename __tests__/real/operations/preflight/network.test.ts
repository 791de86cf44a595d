import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PreflightContext } from '../../../../operations/preflight/context';
import { gatherNetwork } from '../../../../operations/preflight/network';
import { poolOf } from '../../../../operations/preflight/subnet';

// Of a server, by their names.
const FILES: Readonly<Record<string, string>> = {
  '/proc/net/route':
    'eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\ndocker0\t000011AC\t0\t1\t0\t0\t0\t0000FFFF\t0\t0\t0\n',
  '/etc/docker/daemon.json': '{ "iptables": false }',
  '/etc/resolv.conf': 'nameserver 192.0.2.53\n',
  '/sys/class/net/eth0/mtu': '1450\n',
  '/proc/sys/net/ipv4/conf/eth0/forwarding': '0\n',
};
const folder = mkdtempSync(join(tmpdir(), 'network-'));
const path = process.env.PATH;
afterAll(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});

const context = (listeners: PreflightContext['listeners']) =>
  ({
    stack: { host: 'ssh://deploy@vps', sshOptions: [] },
    info: { pool: poolOf(undefined) },
    docker: { networks: async () => [] },
    nodes: Promise.resolve([{}]),
    listeners,
  }) as unknown as PreflightContext;

test('what cannot be read is absent, and a login that ends elsewhere is asked nothing', async () => {
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, 'root', file)), { recursive: true });
    writeFileSync(join(folder, 'root', file), text);
  }
  // What is asked runs here, with other files.
  const program = (name: string, script: string) =>
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  program('ssh', 'while [ "$1" != -- ]; do shift; done; shift 2; exec sh -c "$*"');
  program('cat', `exec /bin/cat -- "${folder}/root$2"`);
  process.env.PATH = `${folder}:${path}`;
  expect(await gatherNetwork(context(Promise.resolve(undefined)))).toBeUndefined();
  expect(await gatherNetwork(context(Promise.resolve([{ port: 7946, protocol: 'tcp' }])))).toEqual({
    networks: [],
    pool: poolOf(undefined),
    nodes: 1,
    routes: [],
    nameservers: [0xc0000235],
    uplink: { device: 'eth0', mtu: 1450, forwards: false },
    withoutRules: true,
  });
});
