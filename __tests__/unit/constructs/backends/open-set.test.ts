import {
  type Backend,
  Cpu,
  Duration,
  definePlatform,
  Healthcheck,
  kafka,
  Memory,
  mariadb,
  type PlatformSpec,
  statefulDefaults,
} from '../../../../constructs';
import { SwarmService } from '../../../../constructs/swarm';
import { Workplace } from '../../../support/platform/platform';

const size = { cpus: Cpu.cores(0.5), memory: Memory.mebibytes(256) };
const large = { cpus: Cpu.cores(0.5), memory: Memory.mebibytes(768) };
const stateful = { image: 'redis:8', limits: size };

/** A kind of backend that the project does not have. */
const redis = (): Backend<{ readonly database: number }, 'cache_password'> => ({
  kind: 'Redis',
  spec: stateful,
  uses: [{ name: 'cache_password' }],
  whoWaits: 'sessions',
  declare: (at, after) =>
    new SwarmService(
      at.scope,
      at.id,
      {
        ...statefulDefaults(at, stateful),
        port: 6379,
        secrets: [{ secret: at.secret('cache_password') }],
        mounts: [{ type: 'volume', name: `${at.id}_data`, target: '/data' }],
        capDrop: ['ALL'],
        healthcheck: Healthcheck.command(['redis-cli', 'ping']),
      },
      after,
    ),
  grant: (id, { database }) => ({
    urls: [{ name: 'CACHE_URL', template: `redis://:{cache_password}@${id}:6379/${database}` }],
    secrets: ['cache_password'],
  }),
});

const application = {
  image: 'ghcr.io/acme/web:1.0.0',
  port: 8000,
  command: ['web'],
  capDrop: ['ALL'] as const,
  replicas: 2,
  limits: size,
};
const rest = {
  name: 'acme',
  serverName: 'acme.example.com',
  tls: { mode: 'self-signed' },
  variables: {},
  nginx: {
    image: 'nginx:1.30',
    limits: size,
    connectionsPerAddress: 100,
    edge: { limits: size },
    routes: [{ path: '/', service: 'web' }],
  },
  environments: {
    production: {
      node: { cpus: Cpu.cores(4), memory: Memory.gibibytes(8) },
      state: { kind: 'local' },
    },
  },
} as const;

const workplace = new Workplace();
afterAll(() => workplace.remove());

const gates = (json: { resource: { null_resource: object } }) =>
  Object.keys(json.resource.null_resource).filter((name) => name.endsWith('_rollout'));

test('a kind that the project does not have is deployed first, and applications get what it grants', () => {
  const spec = definePlatform({
    ...rest,
    secrets: { cache_password: {} },
    backends: { cache: redis() },
    services: { web: { ...application, backends: { cache: { database: 3 } } } },
  });
  const { json } = workplace.synth(spec);
  const { web, cache } = json.resource.docker_service;
  expect(cache.task_spec.container_spec.mounts).toMatchObject([{ source: 'acme_cache_data' }]);
  expect(web.depends_on).toEqual(['null_resource.cache_rollout']);
  expect(web.task_spec.container_spec.args).toEqual(
    expect.arrayContaining(['--url', 'CACHE_URL=redis://:{cache_password}@cache:6379/3']),
  );
  expect(web.task_spec.container_spec.secrets).toMatchObject([{ file_name: 'cache_password' }]);
  expect(gates(json)).toEqual(['cache_rollout', 'edge_rollout', 'nginx_rollout', 'web_rollout']);
  const { environment } = json.resource.null_resource.web_rollout.provisioner[0]['local-exec'];
  expect(environment.ROLLOUT).toContain('"index" = 2, "total" = 4');
});

test('a platform without a backend deploys its applications first', () => {
  const spec = definePlatform({ ...rest, secrets: {}, services: { web: application } });
  const { json } = workplace.synth(spec);
  expect(gates(json)).toEqual(['edge_rollout', 'nginx_rollout', 'web_rollout']);
  expect(json.resource.docker_service.web.depends_on ?? []).toEqual([]);
});

test('two databases of one kind have names, volumes and accounts of their own', () => {
  const database = (user: string, password: 'one_password' | 'two_password') =>
    mariadb({ image: 'mariadb:10.11', limits: large, user, password, databases: { [user]: {} } });
  const spec = definePlatform({
    ...rest,
    secrets: { one_password: {}, two_password: {} },
    backends: { one: database('first', 'one_password'), two: database('second', 'two_password') },
    services: {
      web: { ...application, backends: { one: 'first', two: { database: 'second', as: 'TWO_URL' } } },
    },
  });
  const { json } = workplace.synth(spec);
  const { one, two, web } = json.resource.docker_service;
  const volumes = [one, two].map(({ task_spec }) => task_spec.container_spec.mounts[0].source);
  expect(volumes).toEqual(['acme_one_data', 'acme_two_data']);
  expect(web.depends_on).toEqual(
    ['one_rollout', 'two_rollout', 'one_prepare', 'two_prepare'].map((name) => `null_resource.${name}`),
  );
  expect(web.task_spec.container_spec.args).toEqual(
    expect.arrayContaining([
      'DATABASE_URL=mysql+pymysql://first:{one_password}@one:3306/first',
      'TWO_URL=mysql+pymysql://second:{two_password}@two:3306/second',
    ]),
  );
});

test('what the catalogue says of a server reaches it, and of its health check, too', () => {
  const healthcheck = Healthcheck.command(['true'], { interval: Duration.seconds(7) });
  const spec = definePlatform({
    ...rest,
    secrets: { db_password: {} },
    backends: {
      mariadb: mariadb({
        image: 'mariadb:10.11',
        limits: large,
        user: 'acme',
        password: 'db_password',
        databases: {},
        maxConnections: 300,
        healthcheck,
      }),
      kafka: kafka({
        image: 'apache/kafka:4.1.1',
        limits: size,
        heap: Memory.mebibytes(128),
        retention: Duration.hours(72),
        retentionBytes: 2 ** 30,
        partitions: 3,
        maxMessageBytes: 4 * 2 ** 20,
        healthcheck,
      }),
    },
    services: { web: application },
    nginx: { ...rest.nginx, healthcheck, edge: { limits: size, healthcheck } },
  });
  const { json } = workplace.synth(spec);
  const { mariadb: database, kafka: broker, nginx, edge } = json.resource.docker_service;
  expect(database.task_spec.container_spec.args).toContain('--max-connections=300');
  // Neither runs what the project's own check would.
  expect(JSON.stringify([database, broker])).not.toContain('serving');
  for (const { task_spec } of [database, broker, nginx, edge]) {
    expect(task_spec.container_spec.healthcheck).toMatchObject({ test: ['CMD', 'true'], interval: '7s' });
  }
  const properties = Buffer.from(
    (
      Object.entries(json.resource.docker_config).find(([name]) =>
        name.startsWith('kafka_properties'),
      )![1] as { data: string }
    ).data,
    'base64',
  ).toString();
  for (const line of [
    'log.retention.hours=72',
    'log.retention.bytes=1073741824',
    'num.partitions=3',
    'message.max.bytes=4194304',
    'replica.fetch.max.bytes=4194304',
  ]) {
    expect(properties.split('\n')).toContain(line);
  }
});

test.each([0, 9, 1.5, 200_000])('refuses %d connections', (maxConnections) => {
  const spec: PlatformSpec = definePlatform({
    ...rest,
    secrets: { db_password: {} },
    backends: {
      mariadb: mariadb({
        image: 'mariadb:10.11',
        limits: large,
        user: 'acme',
        password: 'db_password',
        databases: {},
        maxConnections,
      }),
    },
    services: { web: application },
  });
  expect(() => workplace.synth(spec)).toThrow(
    `mariadb: maxConnections is ${maxConnections}\n  give a whole number from 10 to 100000`,
  );
});

describe('a catalogue with the former keys', () => {
  const former = {
    ...rest,
    secrets: { db_password: {} },
    services: { web: { ...application, backends: { mariadb: 'shop', kafka: true } } },
  } as const;
  const database = {
    image: 'mariadb:10.11',
    limits: large,
    user: 'shop',
    password: 'db_password',
    databases: { shop: {} },
  } as const;
  const broker = { image: 'apache/kafka:4.1.1', limits: size, heap: Memory.mebibytes(128) };

  test('is read as the same platform, and is told what to write instead', () => {
    const written = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const read = definePlatform({ ...former, mariadb: database, kafka: broker });
    const said = written.mock.calls.map(([line]) => line);
    written.mockRestore();
    expect(said).toEqual([
      expect.stringMatching(/^services.config.ts: write backends: \{ mariadb: mariadb\(/),
      expect.stringMatching(/^services.config.ts: write backends: \{ kafka: kafka\(/),
    ]);
    const today = definePlatform({
      ...former,
      backends: { mariadb: mariadb(database), kafka: kafka(broker) },
    });
    expect(workplace.synth(read).json).toEqual(workplace.synth(today).json);
  });
});
