import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { ProjectCopy } from '../../support/programs/project-copy';
import { type FakeDaemon, fakeDaemon } from '../../unit/operations/docker/fake-daemon';

const project = new ProjectCopy();
let daemon: FakeDaemon;
beforeAll(async () => {
  project.edit("name: 'proctorwise',", "name: 'academy',");
  // Nothing runs there.
  daemon = await fakeDaemon((request, _body, response) => {
    response.end(/\/(info|version)/.test(request.url ?? '') ? '{}' : '[]');
  });
});
afterAll(async () => {
  await daemon.stop();
  project.remove();
});

const asked = () => daemon.requests.map((line) => /namespace=([\w-]+)/.exec(line)?.[1]).filter(Boolean);
const run = (tool: string, args: readonly string[], env: Record<string, string> = {}) =>
  project.runBeside(tool, ['--host', daemon.host, ...args], env);

test.each([
  ['status', []],
  ['rollback', ['userservice']],
])(
  'proctor %s looks at the platform of the catalogue, in the environment that is named',
  async (tool, args) => {
    const before = asked().length;
    await run(tool, args);
    await run(tool, args, { PLATFORM_ENVIRONMENT: 'staging' });
    await run(tool, ['--stack', 'another', ...args]);
    expect([...new Set(asked().slice(before))]).toEqual(['academy', 'proctorwise-staging', 'another']);
  },
);

test('./proctor status looks at the certificate on the port and for the name of the catalogue', async () => {
  const names: string[] = [];
  const door = createServer({
    SNICallback: (name, done) => {
      names.push(name);
      done(new Error('no certificate'));
    },
  });
  door.on('tlsClientError', () => {});
  await new Promise<void>((listening) => door.listen(0, '127.0.0.1', listening));
  const { port } = door.address() as AddressInfo;
  project.edit('ports: { http: 8080, https: 8443 },', `ports: { http: 8080, https: ${port} },`);
  const env = { PLATFORM_ENVIRONMENT: 'lab' };
  await run('status', ['--https-host', '127.0.0.1'], env);
  await run('status', ['--https-host', '127.0.0.1', '--server-name', 'shop.example'], env);
  expect(names).toEqual(['localhost', 'shop.example']);
  await new Promise((closed) => door.close(closed));
});
