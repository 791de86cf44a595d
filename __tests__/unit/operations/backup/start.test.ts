import { type BackupRun, runBackup } from '../../../../operations/backup/run';
import { drillWithApplications } from '../../../../operations/backup/start';
import type { Service, ServiceSpec, TaskSpec } from '../../../../operations/docker/answers';
import type { Docker } from '../../../../operations/docker/client';
import { Redactor } from '../../../../operations/redact/redactor';
import { FakeSwarm, state } from '../jobs/fake-swarm';
import { reportOf, SETTINGS } from './fixtures';

jest.mock('../../../../operations/backup/run', () => ({ runBackup: jest.fn() }));
const ran = runBackup as jest.MockedFunction<typeof runBackup>;

const API: ServiceSpec = {
  Name: 'shop_api',
  UpdateConfig: { Order: 'start-first' },
  TaskTemplate: {
    ContainerSpec: {
      Image: 'acme/api:1',
      Command: ['/bin/sh', '/launch'],
      Args: ['--url', 'DATABASE_URL=mysql://shop_api:{p}@mariadb:3306/shop_orders', '--', 'serve'],
      Healthcheck: { Test: ['CMD', 'curl', 'http://127.0.0.1:80/health'] },
    },
  },
};
const running = (ContainerID: string): ReturnType<typeof state> => ({
  ...state('running'),
  ContainerStatus: { ContainerID },
});

/** A drill that serves, and an application whose container answers so. */
function swarmOf(answers: (url: string) => number, app = [running('app')]) {
  const swarm = new FakeSwarm();
  const named = (Name: string, spec = API) => ({ ID: Name, Spec: { ...spec, Name } }) as Service;
  const plain: ServiceSpec = { TaskTemplate: { ContainerSpec: { Image: 'acme/plain:1' } } };
  swarm.add({ Name: 'shop_backup-drill-job', TaskTemplate: {} }, running('drill'));
  const sql: string[] = [];
  let told = '';
  const own = {
    services: async ({ name }: { name?: readonly string[] } = {}) =>
      name ? [named(name[0]!)] : [named('shop_api'), named('shop_plain', plain)],
    tasks: async (filters: { service?: readonly string[] }) =>
      filters.service?.[0] === 'shop_mariadb'
        ? [{ NodeID: 'n1', Status: running('live') }]
        : swarm.docker.tasks(filters as never),
    createService: async (spec: ServiceSpec) => {
      swarm.script = [...app];
      return swarm.docker.createService(spec);
    },
    container: async () => ({ NetworkSettings: { Networks: { bridge: { IPAddress: '172.17.0.3' } } } }),
    exec: async ({
      containerId,
      command,
      stdin = '',
    }: {
      containerId: string;
      command: string[];
      stdin?: string;
    }) => {
      const done = (exitCode: number, stdout = '', stderr = '') => ({ exitCode, stdout, stderr });
      if (containerId === 'app') return done(answers(command.at(-1)!), '', 'curl: (22) 500');
      if (command[2]?.includes('started')) told = command.at(-1)!;
      else sql.push(`${containerId} ${command.join(' ').includes('/backup/work-drill/scratch/s')} ${stdin}`);
      return done(
        0,
        containerId === 'live'
          ? "GRANT USAGE ON *.* TO `shop_api`@`%` IDENTIFIED BY PASSWORD '*AB'\nGRANT SELECT ON `shop\\\\_api`.* TO `shop_api`@`%`\n"
          : '',
      );
    },
    signalContainer: async (id: string, signal: string) => {
      swarm.said.push(`${signal} to ${id}`);
      swarm.script.push(state('complete', 0));
    },
  };
  const docker = new Proxy(own as unknown as Docker, {
    get: (mine, name: keyof Docker) => mine[name] ?? swarm.docker[name],
  });
  return { swarm, docker, sql, told: () => told };
}

const drill = (
  docker: Docker,
  swarm: FakeSwarm,
  said: string[] = [],
  paths: string[] = [],
  start = ['api'],
  settings = SETTINGS,
) =>
  drillWithApplications({
    docker,
    redactor: new Redactor({}),
    settings,
    namespace: 'shop',
    start,
    paths,
    say: (line) => said.push(line),
    clock: swarm.clock,
  });

let changed: TaskSpec | undefined;
/** A drill that says that it serves, and reports when it was told how that went. */
function serving(told: () => string): void {
  ran.mockImplementation(async ({ say, change, options }: BackupRun) => {
    changed = change?.({
      ContainerSpec: { Image: 'b', Args: ['--wait-for=mysql://mariadb:3306', '--'] },
      Networks: [{ Target: 'n' }],
    });
    say('backup: the restored databases are served for 300 s');
    while (told() === '') await new Promise((done) => setImmediate(done));
    return reportOf({ backup: 'drill', ok: told().startsWith('ok'), error: `${options} ${told()}` });
  });
}

test('an application is started on what was restored, asked, and stopped; the drill is told', async () => {
  const { swarm, docker, sql, told } = swarmOf(() => 0);
  serving(told);
  const said: string[] = [];
  expect(await drill(docker, swarm, said, ['/users'])).toMatchObject({
    ok: true,
    error: '--serve,300 ok api',
  });
  expect(said).toContain('api is well on them');
  expect(swarm.said).toEqual([
    'create shop_api-drilled',
    'SIGTERM to app',
    'stop shop_api-drilled',
    'remove shop_api-drilled',
  ]);
  // Its account, with its password, from the server in use to the other one.
  expect(sql[0]).toMatch(/^live false .*SHOW GRANTS FOR 'shop_api'@'%'/s);
  expect(sql[1]).toMatch(
    /^drill true .*GRANT USAGE ON \*\.\* TO `shop_api`@`%` IDENTIFIED BY PASSWORD '\*AB';/s,
  );
  // On its database: the client of the first one writes a backslash twice.
  expect(sql[1]).toContain('\nGRANT SELECT ON `shop\\_api`.* TO `shop_api`@`%`;');
  // Where the applications are, the drill is, too.
  expect(changed).toMatchObject({ Networks: [], ContainerSpec: { Args: ['--'] } });
});

test('one that does not answer is the result of the drill, with what it said', async () => {
  const { swarm, docker, told } = swarmOf((url) => (url.endsWith('/users') ? 22 : 0));
  serving(told);
  const report = await drill(docker, swarm, [], ['/users']);
  expect(report).toMatchObject({ ok: false });
  expect(told()).toBe('api does not answer http://127.0.0.1:80/users: curl: (22) 500');
  expect(swarm.said.at(-1)).toBe('remove shop_api-drilled');
});

test('without a path it is asked what the probe of the catalogue asks of it, where its health check asks a URL', async () => {
  const asked: string[] = [];
  const { swarm, docker, told } = swarmOf((url) => Number(asked.push(url) < 0));
  serving(told);
  const settings = { ...SETTINGS, asks: { api: ['/orders?new=1'], web: ['/'] } };
  await drill(docker, swarm, [], [], ['api'], settings);
  expect(asked).toEqual(['http://127.0.0.1:80/health', 'http://127.0.0.1:80/orders?new=1']);
  // Who says what is to be asked is asked no more.
  asked.splice(0);
  const again = swarmOf((url) => Number(asked.push(url) < 0));
  serving(again.told);
  await drill(again.docker, again.swarm, [], ['/users'], ['api'], settings);
  expect(asked).toEqual(['http://127.0.0.1:80/health', 'http://127.0.0.1:80/users']);
});

test('one that ends by itself is told with its end', async () => {
  const { swarm, docker, told } = swarmOf(() => 7, [running('app'), state('failed', 3)]);
  serving(told);
  await drill(docker, swarm);
  expect(told()).toMatch(/^api failed with status 3/);
});

test.each([
  ['a service that is not there', 'nothing', 'there is no service nothing'],
  ['one without a database', 'plain', 'plain does not use mariadb'],
])('%s is refused before anything runs', async (_, id, message) => {
  const { swarm, docker, told } = swarmOf(() => 0);
  serving(told);
  ran.mockClear();
  await expect(drill(docker, swarm, [], [], [id])).rejects.toThrow(message);
  expect(ran).not.toHaveBeenCalled();
});
