import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { DockerClient } from '../../../../../operations/docker/client';
import { readOnHost } from '../../../../../operations/docker/on-host';
import { gatherDisks } from '../../../../../operations/preflight/disk';
import { gatherListeners } from '../../../../../operations/preflight/ports';
import { NodeShell } from '../../../../../operations/status/node-shell';
import { inWords } from '../../../../../operations/terraform/message';
import { HAS_SSHD, RealSshd } from '../../../../support/programs/sshd';

const withSshd = HAS_SSHD ? describe : describe.skip;
const EMPTY_LIST = `printf 'HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: 2\\r\\n\\r\\n[]'`;
const MANAGER = `read -r line; ${EMPTY_LIST}; sleep 2`;

withSshd('a hardened sshd (MaxSessions 2, MaxStartups 4:50:10)', () => {
  const server = new RealSshd();
  beforeAll(async () => {
    await server.start('MaxSessions 2\nMaxStartups 4:50:10');
    server.docker(MANAGER);
  });
  afterAll(() => server.stop());

  const twenty = (options: readonly string[]) =>
    Promise.all(
      Array.from({ length: 20 }, async () => {
        const docker = new DockerClient({ host: server.url(), sshOptions: options });
        const said = await docker.services().then(
          () => 'answered',
          (error: Error) => error.message,
        );
        docker.close();
        return said;
      }),
    );

  test('twenty at once, each with a connection of its own, are all answered', async () => {
    expect(await twenty(server.options())).toEqual(Array(20).fill('answered'));
  });

  test('twenty at once through one connection, which takes two of them, are all answered', async () => {
    expect(await twenty([...server.options(), ...server.sharing()])).toEqual(Array(20).fill('answered'));
    server.stopSharing();
  });

  test('twenty commands of the server’s shell at once are all answered', async () => {
    const target = { host: server.url(), sshOptions: server.options() };
    const said = await Promise.all(Array.from({ length: 20 }, () => readOnHost(target, ['echo', 'here'])));
    expect(said).toEqual(Array(20).fill('here\n'));
  });

  test('what a provider says of it names the limits and where they are set', async () => {
    const [options, end] = [server.options(), ['-p', String(server.port), '--', '127.0.0.1', 'sleep', '2']];
    const all = await Promise.all(
      Array.from(
        { length: 20 },
        () =>
          new Promise<string>((resolve) => {
            const child = spawn('ssh', [...options, ...end], { stdio: ['ignore', 'ignore', 'pipe'] });
            let said = '';
            child.stderr.on('data', (chunk) => {
              said += chunk;
            });
            child.on('close', () => resolve(said));
          }),
      ),
    );
    const dropped = all.filter(Boolean);
    expect(dropped.length).toBeGreaterThan(0);
    for (const said of dropped) {
      const detail = `error during connect: command [ssh -l deploy -- docker docker system dial-stdio] has exited with exit status 255, make sure the URL is valid, and Docker 18.09 or later is installed on the remote host: stderr=${said}`;
      expect(inWords({ severity: 'error', summary: 'Unable to read', detail })).toMatch(
        /MaxStartups, and MaxSessions.*\n.*MaxStartups 10:30:100/,
      );
    }
  });
});

withSshd('a server that has no room for a login', () => {
  const server = new RealSshd();
  let holder: Socket;
  beforeAll(async () => {
    await server.start('MaxStartups 1:100:1\nLoginGraceTime 600');
    server.docker(MANAGER);
    // The first may find that sshd still has the one that saw it start.
    for (let greeting = ''; !greeting.startsWith('SSH-'); ) {
      holder = createConnection(server.port, '127.0.0.1');
      greeting = await new Promise((resolve) => holder.once('data', (data) => resolve(String(data))));
    }
  });
  afterAll(() => {
    holder.destroy();
    server.stop();
  });

  test('is not taken for one that says nothing, nor for one without a shell', async () => {
    const target = { host: server.url(), sshOptions: server.options() };
    const shell = new NodeShell(target);
    const limits = /MaxStartups, and MaxSessions.*\n.*MaxStartups 10:30:100/;
    await Promise.all([
      expect(readOnHost(target, ['echo', 'here'])).rejects.toThrow(limits),
      expect(gatherListeners(target)).rejects.toThrow(limits),
      expect(gatherDisks(target, {})).rejects.toThrow(limits),
      expect(shell.figures('vps', '/')).rejects.toThrow(limits),
    ]);
    // There is room again.
    holder.destroy();
    expect(await shell.figures('vps', '/')).toMatchObject({ disk: { path: '/' } });
    shell.close();
  });
});

withSshd('a server that lets nobody in', () => {
  const server = new RealSshd();
  beforeAll(() => server.start('MaxSessions 0'));
  afterAll(() => server.stop());

  test('MaxSessions 0 is named', async () => {
    const docker = new DockerClient({ host: server.url(), sshOptions: server.options() });
    await expect(docker.services()).rejects.toThrow(/MaxSessions of its sshd/);
    docker.close();
  });
});

withSshd('a shared connection that lives', () => {
  const server = new RealSshd();
  beforeAll(() => server.start());
  afterAll(() => server.stop());

  test('is looked at by the session that is asked then, and stays', async () => {
    server.docker(
      `echo >> "$0.starts"; while read -r line; do case $line in GET*) ${EMPTY_LIST} ;; esac; done`,
    );
    const options = [...server.options(), ...server.sharing()];
    const login = [...options, '-p', String(server.port), '127.0.0.1'];
    execFileSync('ssh', [...login, 'true'], { stdio: 'ignore' });
    const docker = new DockerClient({ host: server.url(), sshOptions: options });
    for (let i = 0; i < 3; i += 1) expect(await docker.services()).toEqual([]);
    docker.close();
    expect(readFileSync(server.at('bin/docker.starts'), 'utf8')).toBe('\n');
    expect(() => execFileSync('ssh', ['-O', 'check', ...login], { stdio: 'ignore' })).not.toThrow();
  });
});

withSshd('a shared connection that leads nowhere any more', () => {
  const server = new RealSshd();
  beforeAll(async () => {
    await server.start();
    server.docker(MANAGER);
  });
  afterAll(() => server.stop());

  test('is left within seconds: the first command after it is answered, and the next ones share again', async () => {
    const options = [...server.options(), ...server.sharing()];
    const login = [...options, '-p', String(server.port), '127.0.0.1'];
    execFileSync('ssh', [...login, 'true'], { stdio: 'ignore' });
    // Stopped, the process of the server's side is a network that is cut: nothing comes back, nothing is closed.
    const sessions = execFileSync('pgrep', ['-f', `^sshd: .*@notty`], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number);
    const mine = sessions.filter((pid) => isOf(pid, server.port));
    expect(mine.length).toBeGreaterThan(0);
    for (const pid of mine) process.kill(pid, 'SIGSTOP');
    try {
      const began = Date.now();
      const docker = new DockerClient({ host: server.url(), sshOptions: options });
      expect(await docker.services()).toEqual([]);
      docker.close();
      expect(Date.now() - began).toBeLessThan(25_000);
      expect(() => execFileSync('ssh', ['-O', 'check', ...login], { stdio: 'ignore' })).not.toThrow();
    } finally {
      for (const pid of mine) process.kill(pid, 'SIGKILL');
    }
  });
});

/** Whether a process has a connection to that port of loopback. */
function isOf(pid: number, port: number): boolean {
  const listed = execFileSync('ss', ['-tnpH', `sport = :${port}`], { encoding: 'utf8' });
  return listed.includes(`pid=${pid},`);
}
