import { cpSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeServer, SCRIPTS } from '../../../../support/programs/fake-server';

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});
afterEach(() => {
  expect(server.told('unexpected')).toBe('');
  server.remove();
});

test.each<[string, string[], () => void, RegExp]>([
  [
    'another system',
    ['time'],
    () => server.write('etc/os-release', 'ID=alpine\nVERSION_ID=3.22\n'),
    /this server runs alpine 3.22\n {2}take Debian 12 or 13 or Ubuntu 24.04 or 26.04/,
  ],
  [
    'a worker',
    ['swarm'],
    () => server.prepared({ swarm: 'active false' }),
    /a worker of a Swarm\n {2}point VPS_HOST/,
  ],
  [
    'a locked Swarm',
    ['swarm'],
    () => server.prepared({ swarm: 'locked false' }),
    /Swarm is locked\n {2}unlock it/,
  ],
  [
    'no way out and no address given',
    ['swarm'],
    () => {
      server.prepared({ swarm: 'inactive false' }).says({ 'no-route': '' });
    },
    /no default route.*\n {2}set advertiseAddress/,
  ],
  [
    'an engine that is too old',
    ['docker'],
    () => server.prepared().says({ version: '19.03.15\n' }),
    /Docker 19.03.15 is too old\n/,
  ],
  [
    'a daemon.json that is none',
    ['daemon'],
    () => server.write('etc/docker/daemon.json', '{ "debug": true, }'),
    /daemon.json is not JSON\n {2}correct it/,
  ],
  [
    'a daemon.json that Docker refuses',
    ['daemon'],
    () => {
      server.prepared().write('etc/docker/daemon.json', '{ "nonsense": 1 }');
    },
    /Docker would not start with .*unknown directive nonsense\n/,
  ],
  [
    "a key of daemon.json that Docker's unit gives as a flag",
    ['daemon'],
    () => {
      const argv = 'argv[]=/usr/bin/dockerd -H fd:// --log-driver=journald --log-opt tag=x';
      server.prepared().says({ 'exec-start': `{ path=/usr/bin/dockerd ; ${argv} ; ignore_errors=no ; }` });
    },
    /does not start with both: log-driver, log-opts\n {2}move these flags .* or set the keys to null/,
  ],
  [
    'the same in a file of variables',
    ['daemon'],
    () => {
      server.prepared().write('etc/default/docker', '# as it was\nDOCKER_OPTS="--live-restore"\n');
    },
    /does not start with both: live-restore\n/,
  ],
  [
    'a firewall of Docker with which there is no Swarm',
    ['daemon'],
    () => server.prepared().write('etc/docker/daemon.json', '{ "firewall-backend": "nftables" }'),
    /daemon\.json has the firewall-backend nftables, with which there is no Swarm\n {2}take it out there/,
  ],
  [
    'a daemon.json that an engine which does not run yet refuses',
    ['docker'],
    () => {
      server.prepared().write('etc/docker/daemon.json', '{ "nonsense": 1 }');
      rmSync(join(server.state, 'active', 'docker.service'));
    },
    /Docker 26\.1\.5 does not start with .*: unknown directive nonsense\n/,
  ],
  ['an sshd that says no port', ['firewall'], () => server.says({ sshd: '' }), /this would lock you out/],
  ['a disk without room for swap', ['swap'], () => server.says({ free: '5000000' }), /has 4882 MiB left/],
  [
    'packages that do not come',
    ['time'],
    () => server.says({ offline: '' }),
    /apt-get failed\n[\s\S]*swarm-host.log/,
  ],
])('refuses %s, says what to do, and has changed nothing', (_, steps, make, words) => {
  make();
  server.says({ packages: 'jq\nnftables\niproute2\n' });
  const files = server.files();
  const { status, output } = server.run(steps);
  expect(output).toMatch(words);
  expect(output).toMatch(/^failed \w+: .+\n {2}.+/m);
  expect(status).toBe(1);
  expect(server.changes()).toEqual([]);
  expect({ ...server.files(), 'var/lib/swarm-host/docker-started-with': undefined }).toEqual({
    ...files,
    'var/lib/swarm-host/docker-started-with': undefined,
  });
});

describe("Docker's own repository", () => {
  test('is trusted by the fingerprint of its key, and held at the major version', () => {
    const { status, output } = server.run(['docker'], { HOST_DOCKER: '28' });
    expect(output).toContain('ok docker');
    expect(status).toBe(0);
    expect(server.read('etc/apt/preferences.d/swarm-host-docker')).toContain(
      'Pin: version 5:28.*\nPin-Priority: 990',
    );
    expect(server.read('etc/apt/sources.list.d/docker.list')).toBe(
      'deb [arch=amd64 signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/debian trixie stable\n',
    );
    expect(server.changes().at(-1)).toMatch(/install docker-ce docker-ce-cli containerd.io/);
  });

  test.each(['29', '28'])('has the major version %s', (major) => {
    expect(server.run(['docker'], { HOST_DOCKER: major }).status).toBe(0);
  });

  test('names the majors that it has in place of one that it has not', () => {
    const { status, output } = server.run(['docker'], { HOST_DOCKER: '25' });
    expect(output).toContain(
      "failed docker: Docker's repository for debian trixie has no Docker 25\n  write one that it has as docker: { major: … } in services.config.ts: 28, 29\n",
    );
    expect(status).toBe(1);
    expect(server.changes().join('\n')).not.toContain('docker-ce');
    expect(server.run(['docker'], { HOST_DOCKER: '28' }).status).toBe(0);
  });

  test('is told not to know a system', () => {
    server.says({ 'no-release': '' });
    const { status, output } = server.run(['docker'], { HOST_DOCKER: '28' });
    expect(output).toMatch(/has nothing for debian trixie\n {2}take docker: 'distribution'/);
    expect(status).toBe(1);
    expect(Object.keys(server.files())).not.toContain('etc/apt/sources.list.d/docker.list');
  });

  test('with another key is not taken', () => {
    server.says({ fingerprint: '0'.repeat(40) });
    const { status, output } = server.run(['docker'], { HOST_DOCKER: '28' });
    expect(output).toContain('is not just the one that Docker publishes');
    expect(status).toBe(1);
    expect(server.changes().join('\n')).not.toContain('docker-ce');
    expect(Object.keys(server.files())).not.toContain('etc/apt/sources.list.d/docker.list');
  });
});

describe('the firewall cuts off nothing that is there', () => {
  const SSH = { HOST_SSH_CONNECTION: '10.8.0.2 50000 10.8.0.1 22' };
  const wireguard = (kind = 'wireguard') =>
    server.says({
      addresses: `1: lo    inet 127.0.0.1/8 scope host lo
2: eth0    inet 203.0.113.10/24 brd 203.0.113.255 scope global eth0
5: wg0    inet 10.8.0.1/24 scope global wg0
`,
      'link-wg0': `5: wg0: <POINTOPOINT,UP> mtu 1420\n    link/none  promiscuity 0\n    ${kind} addrgenmode none\n`,
    });
  const refused = (settings: Record<string, string>, words: RegExp, args: string[] = []) => {
    const files = server.files();
    const { status, output } = server.run([...args, 'firewall'], settings);
    expect(output).toMatch(words);
    expect(output).not.toMatch(/^(changes|differs) /m);
    expect(status).toBe(1);
    expect(server.changes()).toEqual([]);
    expect(server.files()).toEqual(files);
  };

  test.each([
    ['a manager', { nodes: 'a\nb\nc\n', managers: 'true 1\n' }, 3],
    ['a manager without a leader', { nodes: '', managers: 'true 3\n' }, 3],
    ['a worker', { nodes: '', managers: 'false 1\n' }, 2],
  ])('not %s from the other nodes', (_, state, count) => {
    server.prepared().says(state);
    const words = new RegExp(
      `the Swarm has ${count} nodes.*\\n {2}have rules of your own and set firewall: false`,
    );
    refused({}, words);
    refused({}, words, ['--check']);
  });

  test('a manager of one node gets it', () => {
    server.prepared().says({ nodes: 'a\n', managers: 'true 1\n' });
    expect(server.run(['firewall'])).toMatchObject({ status: 0 });
  });

  test('not the tunnel that ssh comes by, unless its port is open', () => {
    wireguard();
    refused(SSH, /ssh comes by WireGuard \(wg0\).*\n {2}open its UDP port.*51820\/udp/);
    expect(server.run(['firewall'], { ...SSH, HOST_UDP_PORTS: '51820' })).toMatchObject({ status: 0 });
    const rules = server.read('etc/swarm-host/firewall.nft');
    expect(rules).toContain('    udp dport { 51820 } accept\n  }\n');
    expect(rules).toContain(
      'meta l4proto udp ct status dnat ct original proto-dst { 51820 } accept\n    drop\n',
    );
  });

  test('not where another UDP port than the one that WireGuard has is open', () => {
    wireguard();
    symlinkSync(join(server.state, 'command.sh'), join(server.state, 'bin', 'wg'));
    server.says({ 'listen-port': '51821\n' });
    refused({ ...SSH, HOST_UDP_PORTS: '51820' }, /ssh comes by WireGuard/);
    expect(server.run(['firewall'], { ...SSH, HOST_UDP_PORTS: '51820 51821' })).toMatchObject({ status: 0 });
  });

  test('another interface, or a server without the command ip, is no matter', () => {
    wireguard('veth');
    expect(server.run(['firewall'], SSH)).toMatchObject({ status: 0 });
    wireguard();
    rmSync(join(server.state, 'bin', 'ip'));
    expect(server.run(['firewall'], SSH)).toMatchObject({ status: 0 });
  });
});

test.each(['data-root', 'userns-remap'])('%s does not move Docker away from its Swarm', (key) => {
  server.prepared();
  server.says({ packages: 'jq\n' });
  const scripts = join(server.folder, 'scripts');
  cpSync(SCRIPTS, scripts, { recursive: true });
  writeFileSync(join(scripts, 'daemon.json'), JSON.stringify({ [key]: '/data' }));
  server.write('etc/docker/daemon.json', '{}');
  const run = (swarm: string) => {
    server.says({ swarm });
    return server.run(['daemon'], {}, scripts);
  };
  const refused = run('active true\n');
  expect(refused.output).toMatch(
    new RegExp(`${key} would have Docker start in another folder, without this Swarm`),
  );
  expect(refused.status).toBe(1);
  expect(server.read('etc/docker/daemon.json')).toBe('{}');
  expect(run('inactive false\n').status).toBe(0);
});

test('Ubuntu 26.04 is taken like 24.04', () => {
  server.write('etc/os-release', 'ID=ubuntu\nVERSION_ID="26.04"\nVERSION_CODENAME=resolute\n');
  expect(server.run()).toMatchObject({ status: 0, output: expect.not.stringContaining('failed') });
});

test('the port of the connection stays open, whatever the configuration says', () => {
  server.run(['firewall'], {
    HOST_SSH_CONNECTION: '198.51.100.7 50000 203.0.113.10 2222',
    HOST_PORTS: '443 80 9100',
  });
  const rules = server.read('etc/swarm-host/firewall.nft');
  expect(rules).toContain('tcp dport { 22, 2222 } accept');
  expect(rules).toContain('tcp dport { 80, 443, 9100 } accept');
  expect(rules).toContain('ct original proto-dst { 80, 443, 9100 } accept');
});
