import {
  Cpu,
  Duration,
  definePlatform,
  Healthcheck,
  kafka,
  Memory,
  mariadb,
  UpdatePolicy,
} from '../../../constructs';

const size = (cpus: number, mebibytes: number) => ({
  cpus: Cpu.cores(cpus),
  memory: Memory.mebibytes(mebibytes),
});

/** Harmless arguments that look like what a record of a release must not have. */
const TRAPS = [
  '--host=0.0.0.0',
  '{"host": "0.0.0.0"}',
  'mysql://u@host:3306',
  '\\u0041 \u0001',
  'x,(y)',
  'see file (1) of %{host} and file("x")',
  'sshOptions = "none" # /* << //',
  '$${',
];

/** Everything that the real catalogue does not use: what holds for every platform must hold here, too. */
export const oddCatalogue = definePlatform({
  name: 'odd-shop',
  serverName: '203.0.113.20',
  tls: { mode: 'provided' },
  secrets: {
    db_password: { minLength: 20 },
    maybe: { optional: true, minLength: 1 },
    api_key: {},
    nobody_uses_it: {},
  },
  variables: { region: { kind: 'text', default: 'eu' }, relay: { kind: 'host' } },
  backends: {
    mariadb: mariadb({
      image: 'mariadb:10.11',
      limits: size(1, 1024),
      user: 'shop',
      password: 'db_password',
      databases: { shop: { schema: 'schemas/shop.sql' }, empty: {} },
      placement: 'node.labels.data==true',
      stopGracePeriod: Duration.seconds(40),
      updatePolicy: UpdatePolicy.stopFirst({ delay: Duration.minutes(2), monitor: Duration.seconds(90) }),
    }),
    kafka: kafka({ image: 'apache/kafka:4.1.1', limits: size(1, 1025), heap: Memory.mebibytes(256) }),
  },
  services: {
    'shop-front': {
      image: 'registry.example.com:5000/shop/front:2.0.0',
      port: 3000,
      command: [
        'front',
        '--price=5$',
        '--template=${name}',
        '--format=%{http_code}',
        '--say=a "b" \\ c',
        ...TRAPS,
      ],
      replicas: 3,
      user: '1000:1000',
      capDrop: ['ALL'],
      capAdd: ['NET_BIND_SERVICE', 'CHOWN'],
      readOnlyRoot: true,
      tmpfs: ['/tmp', '/var/cache/front'],
      limits: size(0.5, 301),
      healthcheck: Healthcheck.shell(
        'curl -fsS -H "Host: shop.example" -w \'%{http_code}\' "http://127.0.0.1:$PORT/"',
        {
          startPeriod: Duration.minutes(2),
          interval: Duration.milliseconds(1500),
        },
      ),
      updatePolicy: UpdatePolicy.startFirst({
        parallelism: 2,
        delay: Duration.minutes(1),
        maxFailureRatio: 0.5,
        failureAction: 'pause',
      }),
      settings: { PRICE: '5$', TEMPLATE: '${var.region} %{if true}', QUOTED: 'a "b" \\ c', HOST: '0.0.0.0' },
      variables: { REGION: 'region', RELAY: 'relay' },
      secrets: { API_KEY: 'api_key', MAYBE: 'maybe' },
      urls: { BACK_URL: 'back' },
      sharedVolumes: [
        { name: 'pictures', target: '/srv/pictures' },
        { name: 'cache', target: '/srv/cache' },
      ],
      drain: Duration.seconds(0),
      gracefulTimeout: Duration.minutes(1),
      endpointMode: 'vip',
    },
    back: {
      image: 'registry.example.com:5000/shop/back:2.0.0',
      port: 3001,
      command: ['back'],
      capDrop: ['ALL'],
      replicas: 1,
      limits: size(0.5, 512),
      updatePolicy: UpdatePolicy.stopFirst(),
      backends: { mariadb: 'shop', kafka: true },
    },
  },
  nginx: {
    image: 'nginx:1.30',
    limits: size(0.5, 448),
    connectionsPerAddress: 1000,
    edge: false,
    maxBodySize: '2g',
    routes: [
      { path: '/', service: 'shop-front', burst: 7 },
      { path: '/back', service: 'back', websocket: true },
    ],
  },
  environments: {
    production: {
      host: '2001:db8::1',
      node: { cpus: Cpu.cores(8), memory: Memory.gibibytes(16) },
      state: { kind: 'pg' },
    },
  },
});

/** The one file that the catalogue names, relative to the project. */
export const ODD_SCHEMA = { path: 'schemas/shop.sql', text: 'CREATE TABLE IF NOT EXISTS shelf (id INT);\n' };
