import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { DockerClient } from '../../../../../operations/docker/client';
import { HAS_SSHD, RealSshd } from '../../../../support/programs/sshd';

const withSshd = HAS_SSHD ? describe : describe.skip;

withSshd('what a real sshd and Docker say, and what to do', () => {
  const server = new RealSshd();
  beforeAll(() => server.start());
  afterAll(() => server.stop());

  interface Way {
    readonly url?: string;
    readonly options?: readonly string[];
  }

  async function problemOf({ url = server.url(), options = server.options() }: Way = {}) {
    const docker = new DockerClient({ host: url, sshOptions: options, answerSeconds: 20 });
    try {
      return await docker.services().then(
        () => 'none',
        (error: Error & { problem: string }) => `${error.problem}: ${error.message}`,
      );
    } finally {
      docker.close();
    }
  }

  /** A daemon that gives one answer, whatever it is asked. */
  const answering = (status: string, body: string) =>
    `read -r line; printf 'HTTP/1.1 ${status}\\r\\nContent-Type: application/json\\r\\nContent-Length: ${body.length}\\r\\n\\r\\n%s' '${body}'; sleep 1`;

  test.each(['docker', 'dockeruser'])(
    'a refused key of the user %s has nothing to do with Docker',
    async (user) => {
      const said = await problemOf({
        url: server.url(user),
        options: server.options({ key: 'strange_key' }),
      });
      expect(said).toMatch(/^denied: .* refuses the login\n.*ssh-add -l.*authorized_keys/);
    },
  );

  test('a host that is called docker is no group of that name', async () => {
    const options = [
      ...server.options({ key: 'strange_key' }),
      '-o',
      'HostName=127.0.0.1',
      '-o',
      'HostKeyAlias=x',
    ];
    writeFileSync(
      server.at('alias'),
      `x ${(await import('node:fs')).readFileSync(server.at('host_key.pub'), 'utf8')}`,
    );
    const url = `ssh://docker:${server.port}`;
    const aliased = options.map((one) => one.replace(server.at('known'), server.at('alias')));
    expect(await problemOf({ url, options: aliased })).toMatch(
      /^denied: ssh:\/\/docker:\d+ refuses the login/,
    );
  });

  test('another host key, and one that nobody knows', async () => {
    expect(await problemOf({ options: server.options({ known: 'changed' }) })).toMatch(
      /^hostKey: .*\n.*ssh-keygen -R/,
    );
    expect(await problemOf({ options: server.options({ known: 'nothing' }) })).toMatch(
      /^hostKey: .*\n.*fingerprint/,
    );
  });

  test('a host that is not there, a port that is closed, and one that is no ssh server', async () => {
    expect(await problemOf({ url: 'ssh://me@nothere.invalid' })).toMatch(
      /^unreachable: the name of .* \(Could not/,
    );
    expect(await problemOf({ url: 'ssh://me@127.0.0.1:1' })).toMatch(
      /^unreachable: nothing listens .*\(ssh: connect to host .*: Connection refused\)\n.*VPS_PORT/,
    );
    const web = createServer((socket) =>
      socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    );
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const { port } = web.address() as { port: number };
    expect(await problemOf({ url: `ssh://me@127.0.0.1:${port}` })).toMatch(
      /(?:no ssh server|no sshd)\n.*check the port \(VPS_PORT/,
    );
    web.close();
  });

  test.each([
    ['a path longer than a socket may have', () => server.at('x'.repeat(90)), /too long/],
    ['a folder that is not there', () => server.at('nothere/x'), /No such file/],
    ['a folder where nothing can be made', () => '/proc/x', /cannot bind/],
  ])('the socket of a shared connection: %s', async (_, path, why) => {
    const options = [...server.options(), '-o', 'ControlMaster=auto', '-o', `ControlPath=${path()}`];
    const said = await problemOf({ options });
    expect(said).toMatch(/^noSocket: ssh on this machine cannot make the socket .*\(unix_listener: /);
    expect(said).toMatch(why);
    expect(said).toMatch(/\n.*ControlPath/);
  });

  test('settings of ssh that cannot be read', async () => {
    expect(await problemOf({ options: ['-F', server.at('nothere')] })).toMatch(
      /^sshSettings: .*\(Can't open user config file .*nothere/,
    );
    expect(await problemOf({ options: ['-o', 'Nonsense=yes'] })).toMatch(/^sshSettings: /);
  });

  test('a shell that prints first, whatever it is', async () => {
    server.docker(`echo 'Welcome to the server'; ${answering('200 OK', '[]')}`);
    expect(await problemOf()).toMatch(/^noisyShell: .*\n.*case \$- in/);
  });

  test.each([
    [
      'failed to open the raw stream connection: dial unix /var/run/docker.sock: connect: permission denied',
      'noPermission',
      'usermod -aG docker',
    ],
    [
      'failed to open the raw stream connection: dial unix /var/run/docker.sock: connect: no such file or directory',
      'daemonDown',
      'systemctl start docker',
    ],
    [
      'failed to open the raw stream connection: dial unix /var/run/docker.sock: connect: connection refused',
      'daemonDown',
      'systemctl start docker',
    ],
    ['sh: 1: docker: not found', 'noDocker', 'install Docker'],
  ])('Docker says: %s', async (words, problem, remedy) => {
    server.docker(`echo '${words}' >&2; exit 1`);
    const said = await problemOf();
    expect(said.split(':')[0]).toBe(problem);
    expect(said).toContain(remedy);
  });

  test('a full disk, a worker, a Swarm without a leader', async () => {
    const message = (words: string) => JSON.stringify({ message: words });
    server.docker(
      answering('500 Internal Server Error', message('write /var/lib/docker/x: no space left on device')),
    );
    expect(await problemOf()).toMatch(/^diskFull: the disk of .* is full\n.*df -h/);
    server.docker(answering('503 Service Unavailable', message('This node is not a swarm manager.')));
    expect(await problemOf()).toMatch(/^notManager: /);
    server.docker(
      answering('500 Internal Server Error', message('rpc error: The swarm does not have a leader')),
    );
    expect(await problemOf()).toMatch(/^noLeader: /);
  });

  test('a daemon that is silent', async () => {
    server.docker('sleep 60');
    const docker = new DockerClient({ host: server.url(), sshOptions: server.options(), answerSeconds: 3 });
    await expect(docker.services()).rejects.toThrow(/does not answer \(for 3 s\)\nlog in with `ssh`/);
    docker.close();
  });
});
