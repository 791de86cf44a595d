import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeShell } from '../../../../operations/status/node-shell';

const LINUX = process.platform === 'linux' ? test : test.skip;
const path = process.env.PATH;
const folder = mkdtempSync(join(tmpdir(), 'shell-'));
afterEach(() => {
  process.env.PATH = path;
});
afterAll(() => rmSync(folder, { recursive: true }));

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

LINUX('of several folders the fullest disk is told, and one that is not there is passed over', async () => {
  const [a, b] = ['a', 'b'].map((name) => join(folder, name)) as [string, string];
  const df = `#!/bin/sh\ncase $2 in */a) free=60 ;; */b) free=20 ;; *) exit 1 ;; esac\necho "/dev/vda 100 1 $free 50% /"\n`;
  writeFileSync(join(folder, 'df'), df, { mode: 0o755 });
  process.env.PATH = `${folder}:${path}`;
  const shell = new NodeShell({ host: 'unix:///run/docker.sock', sshOptions: [] });
  try {
    expect(await shell.figures(hostname(), a, b, '/gone')).toMatchObject({ disk: { path: b } });
    expect(await shell.figures(hostname(), a)).toMatchObject({ disk: { path: a } });
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
