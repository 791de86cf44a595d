import { type FakeDaemon, fakeDaemon } from '../operations/docker/fake-daemon';
import { ProjectCopy } from '../support/project-copy';

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
  project.runBeside(`tools/${tool}.ts`, ['--host', daemon.host, ...args], env);

test.each([
  ['status', []],
  ['rollback', ['userservice']],
])(
  'npm run %s looks at the platform of the catalogue, in the environment that is named',
  async (tool, args) => {
    const before = asked().length;
    await run(tool, args);
    await run(tool, args, { PLATFORM_ENVIRONMENT: 'staging' });
    await run(tool, ['--stack', 'another', ...args]);
    expect([...new Set(asked().slice(before))]).toEqual(['academy', 'proctorwise-staging', 'another']);
  },
);
