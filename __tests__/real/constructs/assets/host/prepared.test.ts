import { FakeServer } from '../../../../support/programs/fake-server';

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});
afterEach(() => {
  expect(server.told('unexpected')).toBe('');
  server.remove();
});

const daemon = () => JSON.parse(server.read('etc/docker/daemon.json'));

describe('a server that was prepared by hand and runs a platform', () => {
  beforeEach(() => {
    server.prepared({ containers: 'c1\nc2\n' });
    server.write(
      'etc/docker/daemon.json',
      '{ "registry-mirrors": ["https://mirror.example.com"], "log-opts": { "tag": "x" } }',
    );
    server.says({ groups: 'deploy docker\n' });
  });

  test('keeps its Docker, its Swarm and its running containers', () => {
    const { status, lines } = server.run();
    expect(status).toBe(0);
    const changes = server.changes().join('\n');
    expect(changes).not.toMatch(/docker\.io|swarm init|(re)?start docker/);
    expect(server.told('starts')).toBe('1\n');
    expect(lines('ok')).toEqual(
      expect.arrayContaining(['ok docker: Docker 26.1.5', 'ok swarm: a manager at 203.0.113.10']),
    );
  });

  test('gets daemon.json beside what was in it, and is told that a restart is still to come until there was one', () => {
    const first = server.run();
    expect(daemon()).toMatchObject({
      'registry-mirrors': ['https://mirror.example.com'],
      'log-opts': { tag: 'x', 'max-size': '10m' },
      'no-new-privileges': true,
    });
    const told =
      'note daemon: Docker runs with older settings until its next start, which ends all tasks: sudo systemctl restart docker';
    expect(first.lines('note')).toEqual([told]);
    // What Docker can change as it runs, it does.
    expect(server.told('reloads')).toBe('reload\n');
    expect(server.run().lines('note')).toEqual([told]);
    expect(server.run(['--check'])).toMatchObject({ status: 0 });
    server.says({ starts: '2\n', started: 'Fri 2099-01-02 00:00:00 UTC' });
    expect(server.run().lines('note')).toEqual([]);
  });

  test('tells a check of a restart that ends tasks, and of no other', () => {
    const restarts = (settings = {}) => server.run(['--check', 'daemon'], settings).lines('restarts');
    server.says({ packages: 'jq\n' });
    expect(restarts({ HOST_RESTART_DOCKER: 'now' })).toEqual([
      'restarts daemon: Docker, and with it every task',
    ]);
    expect(restarts()).toEqual([]);
    server.says({ containers: '' });
    expect(restarts({ HOST_RESTART_DOCKER: 'now' })).toEqual([]);
    expect(server.changes()).toEqual([]);
  });

  test('has its Docker restarted where the catalogue says so', () => {
    expect(server.run([], { HOST_RESTART_DOCKER: 'now' }).status).toBe(0);
    expect(server.changes()).toContain('systemctl restart docker.service');
    expect(server.run([], { HOST_RESTART_DOCKER: 'now' }).lines('changes')).toEqual([]);
  });
});

test('Docker without a container is restarted for a new daemon.json', () => {
  server.prepared();
  expect(server.run().lines('changes')).toContain('changes daemon: Docker runs with older settings');
  expect(server.told('starts')).toBe('2\n');
});

describe('log options go with their driver', () => {
  const LOKI = { 'log-driver': 'loki', 'log-opts': { 'loki-url': 'https://loki.example.com' } };
  beforeEach(() => {
    server.prepared({ containers: 'c1\n' });
    server.write('etc/docker/daemon.json', JSON.stringify(LOKI));
  });

  test('another driver that the server has chosen stays with its options, and that is said', () => {
    const { lines, status } = server.run();
    expect(status).toBe(0);
    expect(daemon()).toEqual({ ...LOKI, 'no-new-privileges': true, 'live-restore': false });
    expect(lines('note')).toContainEqual(
      expect.stringMatching(/own log driver stays, with its options: loki; log-driver in host.daemon/),
    );
    expect(server.run(['--check'])).toMatchObject({ status: 0 });
  });

  test('one that the catalogue names replaces it with all of its options', () => {
    expect(server.run([], { HOST_LOG_DRIVER: 'wanted' }).status).toBe(0);
    expect(daemon()).toMatchObject({
      'log-driver': 'json-file',
      'log-opts': { 'max-size': '10m', 'max-file': '3' },
    });
    expect(daemon()['log-opts']).not.toHaveProperty('loki-url');
    expect(server.run(['--check'], { HOST_LOG_DRIVER: 'wanted' })).toMatchObject({ status: 0 });
  });
});

test('a line of fstab without an end is not made longer', () => {
  server.write('etc/fstab', '/dev/vda / ext4 defaults 0 1');
  expect(server.run(['swap']).status).toBe(0);
  expect(server.read('etc/fstab')).toBe('/dev/vda / ext4 defaults 0 1\n/swapfile none swap sw 0 0\n');
});

test('a flag of the unit for another key than ours is no matter', () => {
  server.prepared();
  const flags = '-H fd:// --containerd=/run/containerd/containerd.sock -D --label=a';
  server.says({ 'exec-start': `{ path=/usr/bin/dockerd ; argv[]=/usr/bin/dockerd ${flags} ; }` });
  server.write('etc/default/docker', '#DOCKER_OPTS="--log-driver=journald"\n');
  expect(server.run(['daemon'])).toMatchObject({ status: 0 });
});

test('a time service, swap, limits and a folder that are there, stay', () => {
  server.write('proc/swaps', 'Filename Type Size\n/dev/vdb partition 1\n');
  server.says({
    'active/chrony.service': '',
    'sysctl/vm.max_map_count': '1048576\n',
    'sysctl/vm.swappiness': '1\n',
  });
  const { lines, status } = server.run();
  expect(status).toBe(0);
  expect(lines('ok')).toEqual(
    expect.arrayContaining([
      'ok time: chrony keeps the time',
      'ok swap: there is swap: /dev/vdb',
      'ok kernel: vm.swappiness is 1',
    ]),
  );
  expect(server.read('etc/sysctl.d/60-swarm-host.conf').split('\n').slice(1)).toEqual([
    'fs.aio-max-nr = 1048576',
    '',
  ]);
  expect(server.changes().join('\n')).not.toMatch(/timesyncd|mkswap|max_map_count/);
});

describe('drift', () => {
  beforeEach(() => {
    server.run();
    server.says({ containers: 'c1\n' });
    server.changes();
  });

  test('in daemon.json is found and mended, and Docker, which has not seen it, runs on', () => {
    server.write('etc/docker/daemon.json', '{ "debug": true, "log-opts": { "max-size": "9g" } }');
    const check = server.run(['--check']);
    expect(check.lines('differs')).toEqual([
      'differs daemon: /etc/docker/daemon.json: live-restore, log-driver, log-opts, no-new-privileges',
    ]);
    const mended = server.run();
    expect(daemon()).toMatchObject({ debug: true, 'log-opts': { 'max-size': '10m', 'max-file': '3' } });
    expect(server.changes()).toEqual([]);
    // With `debug` beside it the file is another one than Docker was started with.
    expect(mended.lines('note').length).toBe(1);
  });

  test('that is undone before Docker starts again needs no restart', () => {
    const was = server.read('etc/docker/daemon.json');
    server.write('etc/docker/daemon.json', was.replace('10m', '9g'));
    const mended = server.run();
    expect(mended.lines('changes')).toEqual(['changes daemon: /etc/docker/daemon.json: log-opts']);
    expect(mended.lines('note')).toEqual([]);
    expect(server.read('etc/docker/daemon.json')).toBe(was);
  });

  test.each<[string, () => void, RegExp]>([
    ['rules that were flushed', () => server.says({ nft: '' }), /firewall: the rules are not in force/],
    ['another ssh port', () => server.says({ sshd: 'port 2200\n' }), /firewall: .*firewall.nft/],
    [
      'a group that was left',
      () => server.says({ groups: 'deploy\n' }),
      /account: deploy is not in the group/,
    ],
    [
      'a limit that was lowered',
      () => server.says({ 'sysctl/fs.aio-max-nr': '1\n' }),
      /kernel: fs.aio-max-nr is 1/,
    ],
    ['a swap file that is gone from fstab', () => server.write('etc/fstab', ''), /swap: .*fstab/],
  ])('%s is found and mended', (_, drift, words) => {
    drift();
    expect(server.run(['--check']).lines('differs').join('\n')).toMatch(words);
    expect(server.run().status).toBe(0);
    expect(server.run(['--check'])).toMatchObject({ status: 0 });
  });
});
