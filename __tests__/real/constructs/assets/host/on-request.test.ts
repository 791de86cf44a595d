import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeServer } from '../../../../support/programs/fake-server';

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});
afterEach(() => {
  expect(server.told('unexpected')).toBe('');
  server.remove();
});

describe('updates of Docker', () => {
  const inst = (name: string, version: string) =>
    `Inst ${name} [26.1.5] (${version} Debian:13.2/stable [amd64])\n`;
  const NOW = { HOST_UPDATE_DOCKER: 'now' };
  beforeEach(() => {
    server.prepared({ containers: 'c1\n' });
    server.says({ upgrades: inst('docker.io', '26.1.5+dfsg1-9+b11') + inst('runc', '1.1.15+ds1-3') });
  });

  test('are left where nobody asks for them', () => {
    expect(server.run(['docker']).status).toBe(0);
    expect(server.changes()).toEqual([]);
    expect(server.run(['--check', 'docker']).status).toBe(0);
  });

  test('are told by a check with what they restart, and installed once', () => {
    const check = server.run(['--check', 'docker'], NOW);
    expect(check.status).toBe(3);
    expect(check.lines('differs')).toEqual([
      'differs docker: Docker has updates: docker.io 26.1.5+dfsg1-9+b11, runc 1.1.15+ds1-3',
    ]);
    expect(check.lines('restarts')).toEqual(['restarts docker: Docker, and with it every task']);
    expect(server.changes()).toEqual([]);

    expect(server.run(['docker'], NOW).status).toBe(0);
    expect(server.changes()).toEqual([
      expect.stringMatching(/^apt-get .* install --only-upgrade docker\.io runc$/),
    ]);
    expect(server.run(['docker'], NOW).status).toBe(0);
    expect(server.changes()).toEqual([]);
    expect(server.run(['--check', 'docker'], NOW).status).toBe(0);
  });

  describe('that only the run’s own look at the mirror finds', () => {
    beforeEach(() => server.says({ upgrades: '', 'new-upgrades': inst('docker.io', '26.1.5+dfsg1-9+b11') }));

    test('restart no task that nobody was asked about: they wait for the next deploy', () => {
      expect(server.run(['--check', 'docker'], NOW)).toMatchObject({ status: 0 });
      const { status, lines } = server.run(['docker'], NOW);
      expect([status, lines('note')]).toEqual([
        0,
        [
          'note docker: Docker has updates that no check could see yet: docker.io 26.1.5+dfsg1-9+b11; the next deploy asks for them, and installs them',
        ],
      ]);
      expect(server.changes()).toEqual([]);
      expect(server.run(['--check', 'docker'], NOW).lines('restarts')).toHaveLength(1);
      server.run(['docker'], NOW);
      expect(server.changes()).toEqual([expect.stringMatching(/ install --only-upgrade docker\.io$/)]);
    });

    test('also where another step looked there before, for a package that is missing', () => {
      const steps = ['time', 'docker'];
      expect(server.run(['--check', ...steps], NOW).lines('restarts')).toEqual([]);
      expect(server.run(steps, NOW).lines('note').join()).toContain('no check could see yet');
      expect(server.changes().join()).not.toContain('--only-upgrade');
      expect(server.run(['--check', ...steps], NOW).lines('restarts')).toHaveLength(1);
      server.run(steps, NOW);
      expect(server.changes()).toEqual([expect.stringMatching(/ install --only-upgrade docker\.io$/)]);
    });

    test('are installed where no task runs', () => {
      server.says({ containers: '' });
      server.run(['docker'], NOW);
      expect(server.changes()).toEqual([expect.stringMatching(/ install --only-upgrade docker\.io$/)]);
    });
  });

  test('restart nothing that is there where nothing runs', () => {
    server.says({ containers: '' });
    expect(server.run(['--check', 'docker'], NOW).lines('restarts')).toEqual([]);
  });

  test.each(['5:27.0.1-1~debian.13~trixie', '27.0.1+dfsg1-1'])(
    'do not go on to another major version (%s)',
    (version) => {
      server.says({ upgrades: inst(version.startsWith('5:') ? 'docker-ce' : 'docker.io', version) });
      const { status, lines } = server.run(['docker'], NOW);
      expect(status).toBe(0);
      expect(lines('note')).toEqual([
        'note docker: Docker 27, the next major version, is not taken; read what it changes, and install it by hand',
      ]);
      expect(server.changes()).toEqual([]);
    },
  );
});

describe('a time for reboots', () => {
  const file = () => server.read('etc/apt/apt.conf.d/52swarm-host');

  test('is told to unattended-upgrades, and taken back', () => {
    expect(server.run(['updates'], { HOST_REBOOT_AT: '04:00' }).lines('ok').at(-1)).toContain('is at 04:00');
    expect(file()).toContain(
      'Unattended-Upgrade::Automatic-Reboot "true";\nUnattended-Upgrade::Automatic-Reboot-Time "04:00";\n',
    );
    server.run(['updates']);
    expect(file()).toContain('Unattended-Upgrade::Automatic-Reboot "false";\nUnattended-Upgrade::Package');
  });
});

describe('sshd without passwords', () => {
  const FILE = 'etc/ssh/sshd_config.d/00-swarm-host.conf';
  beforeEach(() =>
    server.says({
      sshd: 'port 22\npasswordauthentication yes\nkbdinteractiveauthentication no\n',
      'active/ssh.service': '',
    }),
  );

  test('a check tells of them, a run ends them, and again there is nothing to do', () => {
    const check = server.run(['--check', 'sshd']);
    expect(check.status).toBe(3);
    expect(check.lines('differs')).toContain('differs sshd: sshd lets in who knows a password');
    expect(existsSync(join(server.root, FILE))).toBe(false);
    const run = server.run(['sshd']);
    expect(run.lines('ok')).toEqual(['ok sshd: sshd lets nobody in by a password']);
    expect(server.told('reloads')).toBe('reload\n');
    expect(server.run(['--check', 'sshd'])).toMatchObject({ status: 0 });
  });

  test('is no success where sshd does not read the file, or takes none of it', () => {
    server.says({ 'no-include': '' });
    expect(server.run(['sshd']).output).toMatch(/failed sshd: sshd still lets in .*\n {2}see that /);
    server.says({ 'sshd-error': 'line 3: Bad configuration option: Nonsense\n' });
    const broken = server.run(['sshd']);
    expect(broken).toMatchObject({ status: 1 });
    expect(broken.output).toContain('failed sshd: sshd does not take its configuration: line 3: Bad');
    expect(server.told('reloads')).toBe('');
  });

  const program = '/usr/sbin/sshd';
  (existsSync(program) ? test : test.skip)('a real sshd reads it so, whatever comes after it', () => {
    server.run(['sshd']);
    const folder = mkdtempSync(join(tmpdir(), 'sshd-'));
    try {
      spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')]);
      const config = join(folder, 'sshd_config');
      writeFileSync(
        config,
        `Include ${server.root}/etc/ssh/sshd_config.d/*.conf\nHostKey ${folder}/key\nPasswordAuthentication yes\nKbdInteractiveAuthentication yes\n`,
      );
      const { stdout } = spawnSync(program, ['-T', '-f', config], { encoding: 'utf8' });
      expect(stdout).toMatch(/^passwordauthentication no$/m);
      expect(stdout).toMatch(/^kbdinteractiveauthentication no$/m);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
