import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import util from 'node:util';
import { eventually } from '../../../../lab/ground/shell';
import { DockerClient, type DockerOptions, withDocker } from '../../../../operations/docker/client';
import { keepConnection } from '../../../../operations/docker/connect';
import { type FakeDaemon, fakeDaemon } from '../../../unit/operations/docker/fake-daemon';

const frame = (stream: 1 | 2, text: string): Buffer => {
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
};

let daemon: FakeDaemon;
let pings = 0;
let isDead = false;
const path = process.env.PATH;

beforeEach(async () => {
  daemon = await fakeDaemon(
    (request, _body, response) => {
      if (request.url?.endsWith('/exec')) response.writeHead(201).end('{"Id":"e1"}');
      else if (request.url?.startsWith('/_ping')) {
        pings += 1;
        if (isDead) request.socket.destroy();
        else response.end('OK');
      }
      // Never answered.
      else if (request.url?.startsWith('/networks')) return;
      else if (request.url?.startsWith('/exec/e1/json')) response.end('{"ExitCode":7}');
      else response.end('[]');
    },
    (_request, socket) => {
      socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
      let stdin = '';
      socket.on('data', (chunk) => {
        stdin += chunk;
      });
      socket.on('end', () => {
        socket.write(frame(2, 'a warning'));
        socket.end(frame(1, `read ${stdin.length}`));
      });
    },
  );
  process.env.PATH = `${daemon.sshFolder}:${path}`;
});

afterEach(async () => {
  process.env.PATH = path;
  delete process.env.DOCKER_HOST;
  await daemon.stop();
});

describe.each(['unix', 'ssh'] as const)('over %s', (way) => {
  const open = () =>
    new DockerClient({ host: way === 'unix' ? daemon.host : 'ssh://deploy@vps:2222', sshOptions: ['-4'] });

  test('reuses one connection, whatever DOCKER_HOST says', async () => {
    process.env.DOCKER_HOST = 'tcp://192.0.2.1:2375';
    const docker = open();
    for (let i = 0; i < 5; i += 1) await docker.services();
    docker.close();
    expect(daemon.requests).toHaveLength(5);
    expect(daemon.connections()).toBe(1);
  });

  test('takes no more than two, however much is asked at once', async () => {
    const docker = open();
    await Promise.all(Array.from({ length: 8 }, () => docker.services()));
    docker.close();
    expect(daemon.connections()).toBe(2);
  });

  test('has nothing at hand that docker-modem would write out before each request', async () => {
    const docker = open();
    const inspected = jest.spyOn(util, 'inspect');
    await docker.services().finally(() => docker.close());
    const [options] = inspected.mock.calls
      .map(([value]) => value)
      .filter((value) => 'agent' in Object(value));
    inspected.mockRestore();
    expect(options).toBeDefined();
    expect(util.inspect(options, { showHidden: true, depth: null }).length).toBeLessThan(1000);
  });

  test('runs a command with standard input and tells output, errors and status apart', async () => {
    const docker = open();
    const stdin = 'x'.repeat(300_000);
    const result = await docker.exec({ containerId: 'c1', command: ['cat'], stdin });
    expect(result).toEqual({ exitCode: 7, stdout: 'read 300000', stderr: 'a warning' });
    await expect(docker.services()).resolves.toEqual([]);
    docker.close();
  });
});

test('gives ssh the options, the user and the port, and the command last', async () => {
  const docker = new DockerClient({
    host: 'ssh://deploy@vps:2222',
    sshOptions: ['-o', 'ControlMaster=auto'],
  });
  await docker.services();
  docker.close();
  const args = readFileSync(join(daemon.sshFolder, 'ssh.args'), 'utf8').trim();
  expect(args).toMatch(
    /^-o ForwardAgent=no -o ControlMaster=auto .*-l deploy -p 2222 -- vps docker system dial-stdio$/,
  );
});

test('a daemon that stops while the connection is idle is told at once, not after a time-out', async () => {
  const docker = new DockerClient({ host: 'ssh://vps' });
  await docker.services();
  await daemon.down();
  await new Promise((resolve) => setTimeout(resolve, 400));
  const error = await docker.services().catch((caught: unknown) => caught);
  docker.close();
  expect(error).toMatchObject({ problem: 'daemonDown' });
});

describe('a connection that is kept', () => {
  const server = { host: 'ssh://vps' };
  const ask = (more: Partial<DockerOptions> = {}) =>
    withDocker({ ...server, ...more }, (docker) => docker.services());

  test('serves all clients that come meanwhile, and nobody before or after', async () => {
    await ask();
    await keepConnection(server, async () => {
      for (let i = 0; i < 4; i += 1) await ask();
      expect(daemon.connections()).toBe(2);
    });
    await ask();
    expect(daemon.connections()).toBe(3);
  });

  test('is none of those who want one of their own, or go elsewhere', async () => {
    await keepConnection(server, async () => {
      await ask();
      await ask({ fresh: true });
      await ask({ apart: true });
      await ask({ sshOptions: ['-4'] });
      expect(daemon.connections()).toBe(4);
      await ask();
      expect(daemon.connections()).toBe(4);
    });
  });

  test('is made again when somebody says so', async () => {
    await keepConnection(server, async (kept) => {
      await ask();
      kept.renew();
      await ask();
      await ask();
      expect(daemon.connections()).toBe(2);
    });
  });

  test.each([
    ['that answers stays as it is', false, 1],
    ['that answers no more is made again', true, 2],
  ])('in a long wait, one %s', async (_, dies, connections) => {
    await keepConnection(server, async (kept) => {
      await ask();
      pings = 0;
      isDead = dies;
      const end = kept.attend();
      expect(await eventually(10, () => pings > 0)).toBe(true);
      await pause(100);
      end();
      isDead = false;
      await ask();
      expect([pings, daemon.connections()]).toEqual([1, connections]);
    });
  });

  test('of which one had no answer is nobody else’s, and those who have it go on', async () => {
    await keepConnection(server, async () => {
      const other = new DockerClient(server);
      await other.services();
      await expect(
        withDocker({ ...server, answerSeconds: 0.05 }, (docker) => docker.networks()),
      ).rejects.toMatchObject({ problem: 'unreachable' });
      const before = daemon.connections();
      await ask();
      expect(daemon.connections()).toBe(before + 1);
      await expect(other.services()).resolves.toEqual([]);
      other.close();
    });
  });
});
