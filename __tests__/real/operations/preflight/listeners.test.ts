import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gatherListeners } from '../../../../operations/preflight/ports';

const folder = mkdtempSync(join(tmpdir(), 'listeners-'));
const path = process.env.PATH;
afterAll(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});

const program = (name: string, script: string) =>
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
const listens = (...ports: string[]) =>
  ports
    .map((port, index) => `   ${index}: 00000000:${port} 00000000:0000 0A 00000000:00000000 00:00000000\n`)
    .join('');

/** What a server tells whose `/proc` has these tables, or whose login does this instead. */
function ask(tables: Readonly<Record<string, string>>, ssh = 'exec sh -c "$*"') {
  rmSync(join(folder, 'root'), { recursive: true, force: true });
  for (const [name, text] of Object.entries(tables)) {
    const file = join(folder, 'root/proc/net', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  program('ssh', `while [ "$1" != -- ]; do shift; done; shift 2; ${ssh}`);
  program('cat', `exec /bin/cat -- "${folder}/root$2"`);
  process.env.PATH = `${folder}:${path}`;
  return gatherListeners({ host: 'ssh://deploy@vps', sshOptions: [] });
}

const SWARM = '1F0A';

test('whatever listens is told, of each table that is there', async () => {
  const found = await ask({ tcp: listens(SWARM, '0050'), udp: listens('0035') });
  expect(found).toEqual([
    { port: 7946, protocol: 'tcp' },
    { port: 80, protocol: 'tcp' },
    { port: 53, protocol: 'udp' },
  ]);
});

test('a login that ends elsewhere than where Swarm listens has not been asked', async () => {
  expect(await ask({ tcp: listens('0050') })).toBeUndefined();
});

test.each([
  ['without a shell', 'echo "This account is currently not available."; exit 1'],
  ['to Docker, whatever is asked', "cat > /dev/null; printf 'HTTP/1.1 400 Bad Request\\r\\n\\r\\n'; exit 0"],
  ['to a command that ends as ssh does, with words of its own', 'echo "not allowed here" >&2; exit 255'],
])('a login %s has not been asked', async (_, ssh) => {
  expect(await ask({}, ssh)).toBeUndefined();
});

test('a server that could not be asked is no server on which nothing listens', async () => {
  await expect(
    ask({}, 'echo "ssh: connect to host vps port 22: Connection refused" >&2; exit 255'),
  ).rejects.toThrow(/nothing listens at/);
});
