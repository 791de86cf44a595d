import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FakeServer, SCRIPTS } from '../../../../support/programs/fake-server';
import { posixShells } from '../../../../support/programs/posix-shells';

const { found, missing } = posixShells();
if (missing.length > 0)
  console.warn(`SKIPPED: ${missing.join(', ')} not here, the steps were not run with them`);

const STEPS = ['time', 'kernel', 'swap', 'firewall', 'daemon', 'docker', 'account', 'swarm', 'updates'];

describe.each(found)('with $name a bare server', ({ argv }) => {
  let server: FakeServer;
  beforeEach(() => {
    server = new FakeServer(argv);
  });
  afterEach(() => {
    expect(server.told('unexpected')).toBe('');
    server.remove();
  });

  test('gets everything in one run, and nothing more in a second', () => {
    const first = server.run();
    expect(first).toMatchObject({ status: 0, output: expect.not.stringContaining('failed') });
    const steps = new Set(first.lines('changes').map((line) => line.split(/[ :]/)[1]));
    expect([...steps]).toEqual(STEPS);
    expect(server.changes()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/install docker\.io docker-cli/),
        'usermod -aG docker deploy',
        'docker swarm init --advertise-addr 203.0.113.10 --data-path-addr 203.0.113.10 --listen-addr 0.0.0.0:2377',
      ]),
    );
    expect(server.told('starts')).toBe('1\n');

    const files = server.files();
    const second = server.run();
    expect(second.lines('changes')).toEqual([]);
    expect(second.lines('ok').length).toBeGreaterThanOrEqual(STEPS.length);
    expect(second.status).toBe(0);
    expect(server.changes()).toEqual([]);
    expect(server.files()).toEqual(files);
  });

  test('is told what it lacks by a check, which changes nothing', () => {
    const files = server.files();
    const check = server.run(['--check']);
    expect(check.status).toBe(3);
    expect(new Set(check.lines('differs').map((line) => line.split(/[ :]/)[1]))).toEqual(new Set(STEPS));
    expect(check.lines('changes')).toEqual([]);
    expect(server.changes()).toEqual([]);
    expect(server.files()).toEqual(files);
    server.run();
    const after = server.run(['--check']);
    expect(after.lines('differs')).toEqual([]);
    expect(after.status).toBe(0);
  });
});

test('Docker starts for the first time with the daemon.json that it keeps, and behind the firewall', () => {
  const server = new FakeServer();
  try {
    server.run();
    const calls = server.told('calls').split('\n');
    const at = (pattern: RegExp) => calls.findIndex((line) => pattern.test(line));
    expect(at(/restart swarm-host-firewall/)).toBeGreaterThan(0);
    expect(at(/restart swarm-host-firewall/)).toBeLessThan(at(/install docker.io/));
    expect(at(/systemctl restart docker/)).toBe(-1);
    expect(JSON.parse(server.read('etc/docker/daemon.json'))).toEqual({
      'log-driver': 'json-file',
      'log-opts': { 'max-size': '10m', 'max-file': '3' },
      'no-new-privileges': true,
      'live-restore': false,
    });
  } finally {
    server.remove();
  }
});

test('shellcheck finds nothing in the scripts', () => {
  const files = readdirSync(SCRIPTS).filter((name) => name.endsWith('.sh'));
  expect(files.length).toBeGreaterThan(STEPS.length);
  const { error, stdout } = spawnSync('shellcheck', ['-x', ...files.map((name) => join(SCRIPTS, name))], {
    encoding: 'utf8',
  });
  if (error) return console.warn('SKIPPED: shellcheck is not here');
  expect(stdout).toBe('');
});

test('a Swarm is made with the address, the networks and the heartbeat that were chosen', () => {
  const server = new FakeServer();
  try {
    const chosen = {
      HOST_ADVERTISE: '2001:db8::1',
      HOST_ADDRESS_POOL: '10.20.0.0/16',
      HOST_HEARTBEAT: '30s',
    };
    expect(server.prepared({ swarm: 'inactive false' }).run(['swarm'], chosen).status).toBe(0);
    expect(server.changes()).toContain(
      'docker swarm init --advertise-addr 2001:db8::1 --data-path-addr 2001:db8::1 --listen-addr [2001:db8::1]:2377 --default-addr-pool 10.20.0.0/16 --default-addr-pool-mask-length 24 --dispatcher-heartbeat 30s',
    );
  } finally {
    server.remove();
  }
});
