import { SwarmClient } from '../../../../operations/docker/swarm-client';
import { type FakeDaemon, fakeDaemon } from './fake-daemon';

const service = { ID: 's1', Version: { Index: 42 }, Spec: { Name: 'web', TaskTemplate: {} } };
const AHEAD_MS = 3_600_000;

let daemon: FakeDaemon;
let client: SwarmClient;
let updated: unknown;

beforeEach(async () => {
  daemon = await fakeDaemon((request, body, response) => {
    const url = decodeURIComponent(request.url ?? '');
    response.setHeader('Date', new Date(Date.now() + AHEAD_MS).toUTCString());
    if (url === '/_ping') response.end('OK');
    else if (url.startsWith('/services/gone'))
      response.writeHead(404).end('{"message":"service gone not found"}');
    else if (url.startsWith('/services/worker')) {
      response.writeHead(503).end('{"message":"This node is not a swarm manager."}');
    } else if (url.includes('/update')) {
      updated = JSON.parse(body);
      response.end('{}');
    } else if (url.startsWith('/services/')) response.end(JSON.stringify(service));
    else if (url.includes('_up-to-date')) response.end('[{"ID":"new","Status":{}}]');
    else response.end('[{"ID":"new","Status":{}},{"ID":"old","Status":{}}]');
  });
  client = new SwarmClient({ host: daemon.host });
});

afterEach(async () => {
  client.close();
  await daemon.stop();
});

test('asks Swarm itself which tasks are up to date, and goes by the manager’s clock', async () => {
  const seen = await client.snapshot('web');
  expect(seen.tasks.map((task) => task.ID)).toEqual(['new', 'old']);
  expect([...seen.upToDate]).toEqual(['new']);
  expect(Math.abs(seen.now - Date.now() - AHEAD_MS)).toBeLessThan(5_000);
});

test('reads the manager’s clock once for a connection', async () => {
  await client.snapshot('web');
  await client.snapshot('web');
  expect(daemon.requests.filter((request) => request === 'GET /_ping')).toHaveLength(1);
  client.reconnect();
  await client.snapshot('web');
  expect(daemon.requests.filter((request) => request === 'GET /_ping')).toHaveLength(2);
});

test('rolls back to the previous specification at the version that it was seen at', async () => {
  const { service: seen } = await client.snapshot('web');
  await client.rollBack('web', { ...seen, Version: { Index: 41 } });
  expect(daemon.requests.at(-1)).toBe('POST /services/web/update?version=41&rollback=previous');
  expect(updated).toEqual(service.Spec);
});

test('resumes with what was seen and nothing else, at the version that it was seen at', async () => {
  const { service: seen } = await client.snapshot('web');
  await client.resume('web', { ...seen, Version: { Index: 41 } });
  expect(daemon.requests.at(-1)).toBe('POST /services/web/update?version=41');
  expect(updated).toEqual(service.Spec);
});

test('tells a service that is not there from a daemon that cannot tell', async () => {
  await expect(client.snapshot('gone')).rejects.toMatchObject({ statusCode: 404 });
  await expect(client.snapshot('worker')).rejects.toMatchObject({ problem: 'notManager' });
});

test('looks at several services with as many questions as at one, each with its own tasks', async () => {
  const asked: string[] = [];
  const service = (name: string) => ({ ID: `s-${name}`, Version: { Index: 1 }, Spec: { Name: name } });
  const task = (id: string, name: string) => ({ ID: id, ServiceID: `s-${name}`, Status: {} });
  const answer = (what: string, value: unknown) => {
    asked.push(what);
    return Promise.resolve(value);
  };
  const docker = {
    clock: () => answer('clock', 5_000),
    services: () => answer('services', ['web', 'api', 'other'].map(service)),
    tasks: (filters: Record<string, readonly string[]>) =>
      answer(
        `tasks of ${filters.service}`,
        filters['_up-to-date'] ? [task('t1', 'web')] : [task('t1', 'web'), task('t2', 'api')],
      ),
    close: () => {},
  };
  const several = new SwarmClient({
    host: daemon.host,
    simulated: { docker: docker as never, now: () => 0 },
  });
  const seen = await several.snapshots(['web', 'api', 'gone']);
  expect([...seen].map(([name, { tasks, now }]) => [name, tasks.map(({ ID }) => ID), now])).toEqual([
    ['web', ['t1'], 5_000],
    ['api', ['t2'], 5_000],
  ]);
  expect(seen.get('web')?.upToDate.has('t1')).toBe(true);
  expect(asked).toEqual(['clock', 'services', 'tasks of s-web,s-api', 'tasks of s-web,s-api']);
  expect((await several.snapshots(['gone'])).size).toBe(0);
});
