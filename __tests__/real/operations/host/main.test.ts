import { writeFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { FakeServer } from '../../../support/programs/fake-server';
import { ProjectCopy } from '../../../support/programs/project-copy';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDs1f5e1qXn2YQb1Y3c9ZpKqQ6o1t2b3c4d5e6f7g8h9';
const project = new ProjectCopy();
const server = new FakeServer();
afterAll(() => {
  project.remove();
  server.remove();
});

/** An ssh that leads to the server in a folder, or nowhere. */
function ssh(text: string): void {
  writeFileSync(project.path('ssh'), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}
const toServer = () =>
  ssh(
    `exec env ${Object.entries(server.environment)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')} sh -s`,
  );

const check = (...args: string[]) =>
  project.run('host check', args, {
    PATH: `${project.folder}${delimiter}${process.env.PATH}`,
    VPS_HOST: '203.0.113.10',
    VPS_USER: 'root',
    VPS_KNOWN_HOSTS: `203.0.113.10 ${KEY}`,
  });

test('a server that lacks something ends it with 3, one that lacks nothing with 0', () => {
  toServer();
  const lacking = check('--environment', 'vps');
  expect(lacking.stdout).toContain('differs docker: Docker is not installed\n');
  expect(lacking.status).toBe(3);
  expect(server.changes()).toEqual([]);

  server.run([], { HOST_USER: 'root', HOST_FOLDER: '/opt/proctorwise' });
  const ready = check('--environment=vps', '--json');
  expect(JSON.parse(ready.stdout)).toContainEqual({ kind: 'ok', step: 'docker', text: 'Docker 26.1.5' });
  expect(ready.status).toBe(0);
});

test('a server that is not reached ends it with 6, an environment without a host with 1, wrong words with 64', () => {
  ssh('echo "ssh: connect to host 203.0.113.10 port 22: Connection refused" >&2; exit 255');
  expect(check('--environment', 'vps')).toMatchObject({
    status: 6,
    stderr: expect.stringContaining('nothing listens at ssh://root@203.0.113.10:22'),
  });
  expect(check('--environment', 'lab')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('says nothing of its host\n'),
  });
  expect(check('--enviroment', 'vps')).toMatchObject({
    status: 64,
    stderr: expect.stringContaining('usage:'),
  });
});
