import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeShell, parseFigures } from '../../../../operations/status/node-shell';

const ANSWER = `Welcome to vps!
0.52 0.41 0.30 2/345 6789
MemTotal:        8000000 kB
MemAvailable:    4000000 kB
Filesystem     1024-blocks     Used Available Capacity Mounted on
/dev/disk/by-label/my data  80000000 30000000  46000000      40% /
end
`;
const LINUX = process.platform === 'linux' ? test : test.skip;
const path = process.env.PATH;
const folder = mkdtempSync(join(tmpdir(), 'shell-'));
afterEach(() => {
  process.env.PATH = path;
});
afterAll(() => rmSync(folder, { recursive: true }));

test('reads load, memory and disk, whatever a login greets with', () => {
  expect(parseFigures(ANSWER, '/data')).toEqual({
    load: [0.52, 0.41, 0.3],
    memory: { totalBytes: 8_192_000_000, availableBytes: 4_096_000_000 },
    disk: { path: '/data', totalBytes: 81_920_000_000, freeBytes: 47_104_000_000 },
  });
});

test.each([
  '',
  'HTTP/1.1 400 Bad Request\r\n\r\n',
  ANSWER.replace(/MemAvail.*/, ''),
  ANSWER.replace(/.*%.*/, ''),
])('makes nothing of half an answer', (text) => {
  expect(parseFigures(text, '/')).toBeUndefined();
});

LINUX('asks over one ssh connection again and again, and needs no quoting for the folder', async () => {
  const script = `#!/bin/sh\necho login >> '${folder}/logins'\nfor last; do :; done\nexec sh -c "$last"\n`;
  writeFileSync(join(folder, 'ssh'), script, { mode: 0o755 });
  process.env.PATH = `${folder}:${path}`;
  const odd = `${folder}/a 'b" $(c)`;
  writeFileSync(odd, '');
  const shell = new NodeShell({ host: 'ssh://deploy@vps:22', sshOptions: [] });
  try {
    expect(await shell.figures('vps', odd)).toMatchObject({
      disk: { path: odd, totalBytes: expect.any(Number) },
    });
    expect(await shell.figures('vps', folder)).toMatchObject({ disk: { path: folder } });
    expect(readFileSync(join(folder, 'logins'), 'utf8')).toBe('login\n');
  } finally {
    shell.close();
  }
});

LINUX('does without where sshd allows only the way to Docker, and does not log in again', async () => {
  const docker = "read -r line; printf 'HTTP/1.1 400 Bad Request\\r\\n\\r\\n400 Bad Request'";
  const script = `#!/bin/sh\necho login >> '${folder}/refused'\n${docker}\n`;
  writeFileSync(join(folder, 'ssh'), script, { mode: 0o755 });
  process.env.PATH = `${folder}:${path}`;
  const shell = new NodeShell({ host: 'ssh://deploy@vps', sshOptions: [] });
  try {
    expect(await shell.figures('vps', '/var/lib/docker')).toBeUndefined();
    expect(await shell.figures('vps', '/var/lib/docker')).toBeUndefined();
    expect(readFileSync(join(folder, 'refused'), 'utf8')).toBe('login\n');
  } finally {
    shell.close();
  }
});

LINUX('asks this machine for a local daemon, not for one that a socket leads to elsewhere', async () => {
  const shell = new NodeShell({ host: 'unix:///run/docker.sock', sshOptions: [] });
  try {
    expect(await shell.figures('some-other-host', '/')).toBeUndefined();
    expect(await shell.figures(hostname(), '/')).toMatchObject({ disk: { path: '/' } });
  } finally {
    shell.close();
  }
});
