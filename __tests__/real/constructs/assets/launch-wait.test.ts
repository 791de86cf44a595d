import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Launcher } from '../../../support/programs/launcher';
import { posixShells } from '../../../support/programs/posix-shells';

const { found } = posixShells();
/** What the launcher needs of any image. */
const BASICS = ['cat', 'sleep', 'od', 'sh', 'env', ...found.map(({ argv: [shell] }) => shell)];
const TOOLS = ['python3', 'nc', 'curl'];

const which = (name: string): string | undefined => {
  try {
    // A shim, as version managers have them, would look for itself on the narrow PATH.
    return name === 'python3'
      ? execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim()
      : execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
};
const here = Object.fromEntries(
  [...TOOLS, ...BASICS, 'timeout'].map((name) => [
    name,
    which(name) ?? (name === 'nc' ? which('busybox') : undefined),
  ]),
);
const missing = TOOLS.filter((tool) => !here[tool]);
if (missing.length > 0)
  console.warn(`launch.sh is NOT tested to wait with ${missing.join(', ')}: not installed here`);

/** What MariaDB 10.11 and Kafka 4.1 said, with a little left out. */
const GREETING = Buffer.from([0x40, 0, 0, 0, 10, ...Buffer.from('5.5.5-10.11.18-MariaDB\0')]);
const TOO_MANY = Buffer.from([23, 0, 0, 0, 255, 16, 4, ...Buffer.from('Too many connections')]);
const brokers = (count: number) =>
  Buffer.from([
    0,
    0,
    0,
    33,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    count,
    0,
    0,
    0,
    1,
    0,
    5,
    ...Buffer.from('kafka'),
    0,
    0,
    35,
    132,
  ]);
const METADATA = Buffer.from([
  0,
  0,
  0,
  20,
  0,
  3,
  0,
  1,
  0,
  0,
  0,
  1,
  0,
  6,
  ...Buffer.from('launch'),
  0,
  0,
  0,
  0,
]);

const servers: Server[] = [];
const sockets: Socket[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** @returns its port */
async function serve(talk: (socket: Socket) => void, at = 0): Promise<number> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    talk(socket);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(at, '127.0.0.1', done));
  return (server.address() as { port: number }).port;
}

const database = (socket: Socket) => void socket.write(GREETING);
const broker = (count: () => number) => (socket: Socket) =>
  void socket.on('data', (asked) => asked.equals(METADATA) && socket.write(brokers(count())));
const silent = () => {};

/** A PATH on which only that is found, beside what every image has. */
function pathWith(...tools: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'launch-path-'));
  folders.push(folder);
  for (const name of [...BASICS, ...tools]) symlinkSync(here[name]!, join(folder, name));
  return folder;
}

test('what a launcher and its command say is seen here in the order in which they said it', async () => {
  const launcher = new Launcher(found[0]!);
  const script = 'for n in $(seq 500); do echo "$n" >&2; echo "$n."; done';
  const run = launcher.start(['--', 'sh', '-c', script]);
  await run.end();
  launcher.remove();
  const lines = Array.from({ length: 500 }, (_, n) => `${n + 1}\n${n + 1}.\n`);
  expect(run.output).toBe(lines.join(''));
});

describe.each(found)('launch.sh in $name waits', (shell) => {
  const launchers: Launcher[] = [];
  afterEach(() => {
    for (const each of launchers.splice(0)) each.remove();
  });
  const start = (options: readonly string[], PATH = pathWith('python3')) => {
    launchers.push(new Launcher(shell));
    return launchers.at(-1)!.start([...options, '--', 'sh', '-c', 'echo the command runs'], { PATH });
  };

  test.each(TOOLS.filter((tool) => here[tool]))('for none that is ready, asked with %s', async (tool) => {
    const urls = [
      `mysql://127.0.0.1:${await serve(database)}`,
      `kafka://127.0.0.1:${await serve(broker(() => 1))}`,
    ];
    const run = start(
      urls.map((url) => `--wait-for=${url}`),
      pathWith(tool, ...(tool === 'nc' ? ['timeout'] : [])),
    );
    expect((await run.end()).status).toBe(0);
    expect(run.output).toBe('the command runs\n');
  });

  test.each(TOOLS.filter((tool) => here[tool]))(
    'for one that only takes connections, asked with %s',
    async (tool) => {
      const url = `kafka://127.0.0.1:${await serve(silent)}`;
      const run = start(
        ['--wait-seconds=2', `--wait-for=${url}`],
        pathWith(tool, ...(tool === 'nc' ? ['timeout'] : [])),
      );
      expect((await run.end()).status).toBe(0);
      expect(run.output).toMatch(/is not ready after 2 s: starting without it\nthe command runs\n$/);
    },
  );

  test('for a broker that is there and takes no part yet', async () => {
    let count = 0;
    const url = `kafka://127.0.0.1:${await serve(broker(() => count))}`;
    const run = start([`--wait-for=${url}`]);
    await run.until(`launch: waiting for ${url}, 60 s at most\n`);
    expect(run.output).not.toContain('the command runs');
    count = 1;
    expect((await run.end()).status).toBe(0);
    expect(run.output).toMatch(/launch: \S+ is ready after \d s\nthe command runs\n$/);
  });

  test('for a database that takes no more connections', async () => {
    const url = `mysql://127.0.0.1:${await serve((socket) => void socket.write(TOO_MANY))}`;
    const run = start(['--wait-seconds=1', `--wait-for=${url}`]);
    expect((await run.end()).status).toBe(0);
    expect(run.output).toContain(`launch: ${url} is not ready after 1 s: starting without it\n`);
  });

  test('for one that is not there yet', async () => {
    const port = await serve(silent);
    await new Promise((done) => servers.pop()!.close(done));
    const run = start([`--wait-for=mysql://127.0.0.1:${port}`]);
    await run.until('waiting for');
    await serve(database, port);
    expect((await run.end()).status).toBe(0);
    expect(run.output).toMatch(/is ready after \d+ s\nthe command runs\n$/);
  });

  test('no longer than both may take together', async () => {
    const port = await serve(silent);
    const urls = [`kafka://127.0.0.1:${port}`, `mysql://127.0.0.1:${port}`];
    const run = start(['--wait-seconds=3', ...urls.map((url) => `--wait-for=${url}`)]);
    expect((await run.end()).after).toBeLessThan(12_000);
    for (const url of urls)
      expect(run.output).toContain(`${url} is not ready after 3 s: starting without it`);
  });

  test('for nothing where the image has nothing to ask with, and says so', async () => {
    const run = start(['--wait-for=kafka://kafka:9092', '--wait-for=mysql://mariadb:3306'], pathWith());
    expect((await run.end()).status).toBe(0);
    expect(run.output).toBe(
      'launch: neither python3, nc nor curl is in this image: not waiting for kafka://kafka:9092 mysql://mariadb:3306\nthe command runs\n',
    );
  });

  test('for nothing in zero seconds', async () => {
    const run = start(['--wait-seconds=0', `--wait-for=kafka://127.0.0.1:${await serve(silent)}`]);
    expect((await run.end()).status).toBe(0);
    expect(run.output).toBe('the command runs\n');
  });

  test('and ends at once when it is stopped meanwhile, without the command', async () => {
    const run = start([`--wait-for=kafka://127.0.0.1:${await serve(silent)}`]);
    await run.until('waiting for');
    run.signal('SIGTERM');
    expect((await run.end()).status).toBe(143);
    expect(run.output).not.toContain('the command runs');
  });

  test('in the task alone, not when an operator runs a command in it', () => {
    const launcher = new Launcher(shell);
    launchers.push(launcher);
    const cmdline = launcher.cmdline(['--wait-for=kafka://127.0.0.1:1', 'A=1', '--', 'true']);
    const run = launcher.run(['env', '-0'], { LAUNCH_CMDLINE: cmdline });
    expect(run.stderr).toBe('');
    expect(run.env.A).toBe('1');
  });

  test.each([
    'kafka:9092',
    'kafka://kafka',
    'tcp://kafka:9092',
    'kafka://:9092',
    'kafka://a:b:1',
    'kafka://a b:1',
    'mysql://*:1',
    '',
  ])('not for %s, which is refused', async (url) => {
    const run = start([`--wait-for=${url}`]);
    expect((await run.end()).status).toBe(64);
    expect(run.output).toContain('--wait-for=mysql://mariadb:3306');
  });

  test('not for seconds that are none', async () => {
    const run = start(['--wait-seconds=1m']);
    expect((await run.end()).status).toBe(64);
    expect(run.output).toContain('--wait-seconds=60');
  });
});
