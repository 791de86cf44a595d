import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  Cpu,
  Duration,
  Healthcheck,
  kafka,
  Memory,
  mariadb,
  type PlatformSpec,
  type TlsSpec,
  UpdatePolicy,
} from '../../../constructs';
import { wire } from '../../support/platform/host-key';
import { ACME, DIGEST, SHELL, Workplace } from '../../support/platform/platform';
import type { Json } from '../../support/platform/template';

const PAGE = readFileSync(join(resolve(__dirname, '../../..'), 'docs/catalogue.md'), 'utf8');
/** Heading → what the page says of a change. */
const claims = new Map(
  [...PAGE.matchAll(/^### (.+)\n[\s\S]*?\n- Change: (.+)$/gm)].map(([, heading, change]) => [
    heading!.replaceAll('`', ''),
    change!,
  ]),
);

const size = { cpus: Cpu.cores(0.2), memory: Memory.mebibytes(128) };
const larger = { cpus: Cpu.cores(0.3), memory: Memory.mebibytes(160) };
const less = { cpus: Cpu.cores(0.02), memory: Memory.mebibytes(16) };
const application = {
  image: 'acme/web:1',
  port: 8000,
  command: ['web'],
  capDrop: ['ALL'] as const,
  replicas: 2,
  limits: size,
  backends: { mariadb: 'shop', kafka: true },
  secrets: { KEY: 'key' },
  variables: { MAIL: 'mail' },
  settings: { LEVEL: 'info' },
};

const catalogue = (tls: TlsSpec) => ({
  name: 'acme',
  serverName: 'acme.example.com',
  tls,
  secrets: { db_password: {}, other_password: {}, key: {}, other_key: {} },
  variables: { mail: { kind: 'text' }, other_mail: { kind: 'text' } },
  mariadb: {
    image: 'mariadb:10.11',
    limits: { ...size, memory: Memory.mebibytes(768) },
    user: 'acme',
    password: 'db_password',
    databases: { shop: {}, stock: {} },
  },
  kafka: { image: 'apache/kafka:4.1.1', limits: size, heap: Memory.mebibytes(64) },
  services: {
    web: application,
    other: {
      image: 'acme/other:1',
      port: 9000,
      command: ['other'],
      capDrop: ['ALL'],
      replicas: 1,
      limits: size,
      urls: { WEB_URL: 'web' },
    },
  },
  jobs: {
    report: {
      image: 'acme/report:1',
      command: ['report'],
      schedule: '30 3 * * *',
      limits: size,
      secrets: { TOKEN: 'other_key' },
      variables: { TO: 'other_mail' },
    },
  },
  nginx: {
    image: 'nginx:1.30',
    limits: size,
    connectionsPerAddress: 100,
    edge: { limits: size },
    routes: [
      { path: '/', service: 'web' },
      { path: '/other', service: 'other' },
    ],
  },
  environments: {
    production: {
      node: { cpus: Cpu.cores(8), memory: Memory.gibibytes(16) },
      state: { kind: 'local' },
    },
  },
});
type Written = ReturnType<typeof catalogue>;

/** The catalogue with the value at a path; what the path does not have yet, it gets. */
function withValue<T extends object>(written: T, path: string, value: unknown): T {
  const [first, ...rest] = path.split('.') as [keyof T & string, ...string[]];
  const inner = rest.length > 0 ? withValue(written[first] ?? {}, rest.join('.'), value) : value;
  if (Array.isArray(written)) return Object.assign([...written], { [first]: inner }) as T;
  return { ...written, [first]: inner };
}

const specOf = ({ mariadb: database, kafka: broker, ...rest }: Written) =>
  ({ ...rest, backends: { mariadb: mariadb(database), kafka: kafka(broker) } }) as PlatformSpec;

const workplace = new Workplace();
afterAll(() => workplace.remove());

const ANY_IMAGE = new Proxy({} as Record<string, string>, { get: () => DIGEST });

/** A resource's text with that of all that it refers to: a certificate's new content shows in no service. */
function withReferences(resource: Json, text: string, seen = new Set<string>()): string {
  const found = [...text.matchAll(/\b((?:docker|tls)_\w+)\.(\w+)/g)].map(
    ([, type, id]) => [type!, id!] as const,
  );
  return found.reduce((whole, [type, id]) => {
    const key = `${type}.${id}`;
    if (seen.has(key) || !resource[type]?.[id]) return whole;
    seen.add(key);
    return (
      whole + withReferences(resource, JSON.stringify({ ...resource[type][id], lifecycle: undefined }), seen)
    );
  }, text);
}

/** What Swarm replaces tasks for, service by service: anything of a task but its place, the endpoint, the name. */
function tasksOf(written: Written): Map<string, string> {
  const { json } = workplace.synth(specOf(written), 'production', SHELL, { imageLock: ANY_IMAGE });
  return new Map(
    Object.entries<Json>(json.resource.docker_service).map(([id, { name, task_spec, endpoint_spec }]) => {
      const { placement: _, ...task } = task_spec;
      return [id, withReferences(json.resource, JSON.stringify({ name, task, endpoint_spec }))];
    }),
  );
}

const plain = catalogue({ mode: 'self-signed' });
const BUCKET = { kind: 's3', endpoint: 'https://s3.example.com', bucket: 'acme' };
const HOST_KEY = wire('ssh-ed25519', 'k'.repeat(32));
const SFTP = {
  kind: 'sftp',
  host: 'a.example.com',
  user: 'u',
  knownHosts: `*.example.com,[*]:* ssh-ed25519 ${HOST_KEY}`,
};
const withBackups = (
  [
    ['mariadb.backup', { rpo: Duration.minutes(5) }],
    ['backup', { acknowledge: { 'backup-elsewhere': 'a test' } }],
    ['environments.production.backupTo', BUCKET],
  ] as const
).reduce((written, [path, value]) => withValue(written, path, value), plain);
const withSftp = withValue(withBackups, 'environments.production.backupTo', SFTP);
const bases = {
  'self-signed': plain,
  letsencrypt: catalogue(ACME),
  backups: withBackups,
  sftp: withSftp,
  accounts: withValue(plain, 'mariadb.accounts', 'per-service'),
};
const before = {
  'self-signed': tasksOf(bases['self-signed']),
  letsencrypt: tasksOf(bases.letsencrypt),
  backups: tasksOf(bases.backups),
  sftp: tasksOf(bases.sftp),
  accounts: tasksOf(bases.accounts),
};

/** Services whose tasks are replaced when the value at a path changes. */
function replacedBy(base: keyof typeof bases, path: string, value: unknown): string[] {
  const after = tasksOf(withValue(bases[base], path, value));
  return [...before[base]]
    .filter(([id, task]) => after.has(id) && after.get(id) !== task)
    .map(([id]) => id)
    .sort();
}

const ALL = ['edge', 'kafka', 'mariadb', 'nginx', 'other', 'report', 'web'];
/** The services that the page names, in its words, before any explanation. */
function promisedBy(claim: string): string[] {
  const [promise] = claim.split(/;|:/) as [string];
  if (/every service.*but no jobs/.test(promise)) return ALL.filter((id) => id !== 'report');
  if (/every service|the services whose/.test(promise)) return ALL;
  const names: [RegExp, string][] = [
    [/the service\b|the applications that use it|the services that use it/, 'web'],
    [/the services that have its URL/, 'other'],
    [/\bnginx\b(?! where)/, 'nginx'],
    [/the edge\b/, 'edge'],
    [/MariaDB\b|restarts it$/, 'mariadb'],
    [/the broker\b/, 'kafka'],
    [/the job\b/, 'report'],
    ...['web', 'other', 'report', 'mariadb', 'kafka'].map((id): [RegExp, string] => [
      /every application, job and backend/,
      id,
    ]),
    [/\bcertbot\b/, 'certbot'],
    [/the backup\b/, 'backup'],
  ];
  return names
    .filter(([words]) => words.test(promise))
    .map(([, id]) => id)
    .sort();
}

const hurried = (options: object) => Healthcheck.http('/health', options);
const policy = (options: object) => UpdatePolicy.startFirst(options);
const PRODUCTION = 'environments.production';

type Change = [heading: string, path: string, value: unknown];
const CHANGES: Change[] = [
  ['name', 'name', 'shop'],
  ['serverName', 'serverName', 'www.example.com'],
  ['tls', 'tls', { mode: 'provided' }],
  ['secrets', 'secrets.new', {}],
  ['variables', 'variables.new', { kind: 'text' }],
  ['registries', 'registries', [{ address: 'ghcr.io', username: 'user', password: 'pass' }]],
  ['onFailure', 'onFailure', 'put-back'],
  ['keepReleases', 'keepReleases', 50],
  ['probe', 'probe', { paths: ['/'] }],
  ['environments', 'environments.staging', bases['self-signed'].environments.production],
  ['<service>.image', 'services.web.image', 'acme/web:2'],
  ['<service>.limits', 'services.web.limits', larger],
  ['<service>.reservations', 'services.web.reservations', less],
  ['<service>.updatePolicy', 'services.web.updatePolicy', policy({ parallelism: 2 })],
  ['<service>.healthcheck', 'services.web.healthcheck', Healthcheck.http('/ready')],
  ['<service>.acknowledge', 'services.web.acknowledge', { limits: 'a test' }],
  ['services.<name>.port', 'services.web.port', 8001],
  ['services.<name>.command', 'services.web.command', ['web', '--verbose']],
  ['services.<name>.replicas', 'services.web.replicas', 3],
  ['services.<name>.migrate', 'services.web.migrate', { command: ['up'] }],
  ['services.<name>.migrate.command', 'services.web.migrate', { command: ['upgrade'] }],
  [
    'services.<name>.migrate.timeout',
    'services.web.migrate',
    { command: ['up'], timeout: Duration.hours(1) },
  ],
  ['jobs', 'jobs.another', { service: 'other', command: ['tidy'], schedule: '0 0 * * *' }],
  ['jobs.<name>.image', 'jobs.report.image', 'acme/report:2'],
  ['jobs.<name>.command', 'jobs.report.command', ['report', '--all']],
  ['jobs.<name>.schedule', 'jobs.report.schedule', '45 3 * * *'],
  ['jobs.<name>.timeZone', 'jobs.report.timeZone', 'Europe/Berlin'],
  ['jobs.<name>.timeout', 'jobs.report.timeout', Duration.minutes(5)],
  ['jobs.<name>.overlap', 'jobs.report.overlap', 'queue'],
  ['jobs.<name>.retries', 'jobs.report.retries', 2],
  ['jobs.<name>.settings', 'jobs.report.settings', { DAYS: '3' }],
  ['jobs.<name>.secrets', 'jobs.report.secrets', { TOKEN: 'key' }],
  ['jobs.<name>.variables', 'jobs.report.variables', { TO: 'mail' }],
  ['jobs.<name>.limits', 'jobs.report.limits', larger],
  ['jobs.<name>.placement', 'jobs.report.placement', 'node.role==manager'],
  ['jobs.<name>.user', 'jobs.report.user', '1000'],
  ['jobs.<name>.capAdd', 'jobs.report.capAdd', ['CHOWN']],
  ['jobs.<name>.acknowledge', 'jobs.report.acknowledge', { limits: 'a test' }],
  ['services.<name>.backends', 'services.web.backends', { mariadb: 'stock', kafka: true }],
  ['services.<name>.settings', 'services.web.settings', { LEVEL: 'debug' }],
  ['services.<name>.secrets', 'services.web.secrets', { KEY: 'other_key' }],
  ['services.<name>.variables', 'services.web.variables', { MAIL: 'other_mail' }],
  ['services.<name>.urls', 'services.web.urls', { OTHER_URL: 'other' }],
  ['services.<name>.environment', 'services.web.environment', { MODE: '1' }],
  ['services.<name>.placement', 'services.web.placement', 'node.labels.disk==ssd'],
  ['services.<name>.sharedVolumes', 'services.web.sharedVolumes', [{ name: 'files', target: '/files' }]],
  ['services.<name>.user', 'services.web.user', '1000:1000'],
  ['services.<name>.capDrop', 'services.web.capDrop', ['ALL', 'CHOWN']],
  ['services.<name>.capAdd', 'services.web.capAdd', ['CHOWN']],
  ['services.<name>.readOnlyRoot', 'services.web.readOnlyRoot', true],
  ['services.<name>.tmpfs', 'services.web.tmpfs', ['/tmp']],
  ['services.<name>.waitForBackends', 'services.web.waitForBackends', Duration.seconds(45)],
  ['services.<name>.stopSignal', 'services.web.stopSignal', 'QUIT'],
  ['services.<name>.drain', 'services.web.drain', Duration.seconds(8)],
  ['services.<name>.gracefulTimeout', 'services.web.gracefulTimeout', Duration.seconds(40)],
  ['services.<name>.stopGracePeriod', 'services.web.stopGracePeriod', Duration.seconds(90)],
  ['services.<name>.endpointMode', 'services.web.endpointMode', 'vip'],
  ['backends.<name>.placement', 'mariadb.placement', 'node.labels.mariadb==true'],
  ['backends.<name>.stopGracePeriod', 'mariadb.stopGracePeriod', Duration.seconds(30)],
  ['mariadb.databases', 'mariadb.databases.more', {}],
  ['mariadb.user', 'mariadb.user', 'shop'],
  ['mariadb.password', 'mariadb.password', 'other_password'],
  ['mariadb.accounts', 'mariadb.accounts', 'per-service'],
  ['mariadb.otherRights', 'mariadb.otherRights', 'revoked'],
  ['mariadb.connectionsPerTask', 'mariadb.connectionsPerTask', 60],
  ['mariadb.maxConnections', 'mariadb.maxConnections', 300],
  ['mariadb.readOnlyRoot', 'mariadb.readOnlyRoot', false],
  ['kafka.heap', 'kafka.heap', Memory.mebibytes(80)],
  ['kafka.retention', 'kafka.retention', Duration.hours(72)],
  ['kafka.disk', 'kafka.disk', Memory.gibibytes(8)],
  ['kafka.topics', 'kafka.topics', ['orders']],
  ['kafka.retentionBytes', 'kafka.retentionBytes', 2 ** 30],
  ['kafka.partitions', 'kafka.partitions', 3],
  ['kafka.maxMessageBytes', 'kafka.maxMessageBytes', 4 * 2 ** 20],
  ['nginx.routes', 'nginx.routes', [{ path: '/', service: 'web' }]],
  ['nginx.edge', 'nginx.edge.limits', larger],
  ['nginx.maxBodySize', 'nginx.maxBodySize', '200m'],
  ['nginx.hosts', 'nginx.hosts', ['www.example.com']],
  ['nginx.connectionsPerAddress', 'nginx.connectionsPerAddress', 200],
  ['nginx.routes[].path', 'nginx.routes.1.path', '/others'],
  ['nginx.routes[].service', 'nginx.routes.1.service', 'web'],
  ['nginx.routes[].exact', 'nginx.routes.1.exact', true],
  ['nginx.routes[].rewrite', 'nginx.routes.1.rewrite', '/'],
  ['nginx.routes[].rate', 'nginx.routes.1.rate', 50],
  ['nginx.routes[].burst', 'nginx.routes.1.burst', 50],
  ['nginx.routes[].key', 'nginx.routes.1.key', { cookie: 'session' }],
  ['nginx.routes[].websocket', 'nginx.routes.1.websocket', true],
  ['nginx.routes[].timeout', 'nginx.routes.1.timeout', Duration.minutes(10)],
  [
    'nginx.routes[].websocketTimeout',
    'nginx.routes.1',
    { path: '/other', service: 'other', websocket: true, websocketTimeout: Duration.minutes(10) },
  ],
  ['nginx.routes[].streaming', 'nginx.routes.1.streaming', true],
  ['nginx.routes[].maxBodySize', 'nginx.routes.1.maxBodySize', '50m'],
  ['nginx.routes[].headers', 'nginx.routes.1.headers', { 'Cache-Control': 'no-store' }],
  ['nginx.routes[].affinity', 'nginx.routes.1.affinity', { path: 3 }],
  ["tls.mode: 'letsencrypt'", 'tls', ACME],
  ["tls.mode: 'provided'", 'tls', { mode: 'provided' }],
  ['secrets.<name>.minLength', 'secrets.key.minLength', 32],
  ['secrets.<name>.description', 'secrets.key.description', 'signs sessions'],
  ['secrets.<name>.command', 'secrets.key.command', ['pass', 'key']],
  ['secrets.<name>.signsTokens', 'secrets.key.signsTokens', {}],
  ['variables.<name>.kind', 'variables.mail.kind', 'host'],
  ['variables.<name>.description', 'variables.mail.description', 'mail server'],
  ['probe.paths', 'probe', { paths: ['/other'] }],
  ['probe.maxErrorRate', 'probe', { paths: ['/'], maxErrorRate: 0.1 }],
  ['probe.maxP99Milliseconds', 'probe', { paths: ['/'], maxP99Milliseconds: 900 }],
  ['probe.onFailure', 'probe', { paths: ['/'], onFailure: 'rollback' }],
  ['environments.<name>.name', `${PRODUCTION}.name`, 'shop'],
  ['environments.<name>.host', `${PRODUCTION}.host`, {}],
  ['environments.<name>.serverName', `${PRODUCTION}.serverName`, 'www.example.com'],
  ['environments.<name>.node', `${PRODUCTION}.node`, { cpus: Cpu.cores(4), memory: Memory.gibibytes(8) }],
  ['environments.<name>.node.cpus', `${PRODUCTION}.node.cpus`, Cpu.cores(4)],
  ['environments.<name>.node.memory', `${PRODUCTION}.node.memory`, Memory.gibibytes(8)],
  ['environments.<name>.node.count', `${PRODUCTION}.node.count`, 3],
  ['environments.<name>.state', `${PRODUCTION}.state`, { kind: 'pg' }],
  ['environments.<name>.networks.separate', `${PRODUCTION}.networks`, { separate: true }],
  ['environments.<name>.networks.encrypted', `${PRODUCTION}.networks`, { encrypted: true }],
  ['environments.<name>.ports', `${PRODUCTION}.ports`, { http: 8080, https: 8443 }],
  [
    'environments.<name>.trustedProxies',
    `${PRODUCTION}.trustedProxies`,
    { networks: ['203.0.113.0/24'], header: 'X-Forwarded-For' },
  ],
  ['environments.<name>.backupTo', `${PRODUCTION}.backupTo`, BUCKET],
  ['environments.<name>.reservations', `${PRODUCTION}.reservations`, less],
  [
    'environments.<name>.healthcheckMinimum',
    `${PRODUCTION}.healthcheckMinimum`,
    { interval: Duration.minutes(5) },
  ],
  ['environments.<name>.observe', `${PRODUCTION}.observe`, Duration.minutes(2)],
  ['environments.<name>.disposable', `${PRODUCTION}.disposable`, true],
  ['environments.<name>.tls', `${PRODUCTION}.tls`, { mode: 'provided' }],
  ['environments.<name>.services.<name>.replicas', `${PRODUCTION}.services.web.replicas`, 1],
  ['environments.<name>.services.<name>.image', `${PRODUCTION}.services.web.image`, 'acme/web:2'],
  ['environments.<name>.services.<name>.limits', `${PRODUCTION}.services.web.limits`, larger],
  ['environments.<name>.services.<name>.reservations', `${PRODUCTION}.services.web.reservations`, less],
  ['Healthcheck.interval', 'services.web.healthcheck', hurried({ interval: Duration.seconds(10) })],
  ['Healthcheck.timeout', 'services.web.healthcheck', hurried({ timeout: Duration.seconds(4) })],
  ['Healthcheck.startPeriod', 'services.web.healthcheck', hurried({ startPeriod: Duration.seconds(90) })],
  ['Healthcheck.retries', 'services.web.healthcheck', hurried({ retries: 5 })],
  ['UpdatePolicy.parallelism', 'services.web.updatePolicy', policy({ parallelism: 2 })],
  ['UpdatePolicy.delay', 'services.web.updatePolicy', policy({ delay: Duration.seconds(20) })],
  ['UpdatePolicy.monitor', 'services.web.updatePolicy', policy({ monitor: Duration.seconds(9) })],
  ['UpdatePolicy.maxFailureRatio', 'services.web.updatePolicy', policy({ maxFailureRatio: 0.1 })],
  ['UpdatePolicy.failureAction', 'services.web.updatePolicy', policy({ failureAction: 'pause' })],
  ['UpdatePolicy.observe', 'services.web.updatePolicy', policy({ observe: Duration.minutes(1) })],
  ['UpdatePolicy.pullTimeout', 'services.web.updatePolicy', policy({ pullTimeout: Duration.minutes(40) })],
];

const ON_LETSENCRYPT: Change[] = [
  ['tls.image (letsencrypt)', 'tls.image', 'certbot/certbot:v5.9.0'],
  ['tls.email (letsencrypt)', 'tls.email', 'others@example.com'],
  ['tls.directory (letsencrypt)', 'tls.directory', 'staging'],
  ['tls.names (letsencrypt)', 'tls.names', ['www.example.com']],
  ['tls.profile (letsencrypt)', 'tls.profile', 'shortlived'],
  ['tls.selfCheck (letsencrypt)', 'tls.selfCheck', false],
  ['tls.hsts (letsencrypt)', 'tls.hsts', false],
  ['tls.limits (letsencrypt)', 'tls.limits', larger],
  ['tls.reservations (letsencrypt)', 'tls.reservations', size],
];

const ON_BACKUPS: Change[] = [
  ['backup', 'backup.maxAge', Duration.hours(2)],
  ['backup.image', 'backup.image', 'acme/backup:2'],
  ['backup.limits', 'backup.limits', larger],
  ['backup.reservations', 'backup.reservations', less],
  ['backup.schedule', 'backup.schedule', '0 2 * * *'],
  ['backup.keep', 'backup.keep', { daily: 14 }],
  ['backup.keep.last', 'backup.keep', { last: 5 }],
  ['backup.keep.daily', 'backup.keep', { daily: 14 }],
  ['backup.keep.weekly', 'backup.keep', { weekly: 8 }],
  ['backup.keep.monthly', 'backup.keep', { monthly: 12 }],
  ['backup.drill', 'backup.drill', false],
  ['backup.maxAge', 'backup.maxAge', Duration.hours(2)],
  ['backup.acknowledge', 'backup.acknowledge', { 'backup-elsewhere': 'a NAS' }],
  ["environments.<name>.backupTo.kind: 's3'", `${PRODUCTION}.backupTo`, { ...BUCKET, bucket: 'other' }],
  ['environments.<name>.backupTo.endpoint (s3)', `${PRODUCTION}.backupTo.endpoint`, 'https://s3.example.org'],
  ['environments.<name>.backupTo.bucket (s3)', `${PRODUCTION}.backupTo.bucket`, 'other'],
  ['environments.<name>.backupTo.folder (s3)', `${PRODUCTION}.backupTo.folder`, 'other'],
  ['environments.<name>.backupTo.region (s3)', `${PRODUCTION}.backupTo.region`, 'gra'],
  ["environments.<name>.backupTo.kind: 'sftp'", `${PRODUCTION}.backupTo`, SFTP],
  [
    "environments.<name>.backupTo.kind: 'volume'",
    `${PRODUCTION}.backupTo`,
    { kind: 'volume', volume: 'backups' },
  ],
  [
    'environments.<name>.backupTo.volume (volume)',
    `${PRODUCTION}.backupTo`,
    { kind: 'volume', volume: 'others' },
  ],
  ["environments.<name>.backupTo.kind: 'folder'", `${PRODUCTION}.backupTo`, { kind: 'folder', path: '/srv' }],
  [
    'environments.<name>.backupTo.path (folder)',
    `${PRODUCTION}.backupTo`,
    { kind: 'folder', path: '/srv/backups' },
  ],
  ['mariadb.backup', 'mariadb.backup', true],
];

const ON_SFTP: Change[] = [
  ['environments.<name>.backupTo.host (sftp)', `${PRODUCTION}.backupTo.host`, 'b.example.com'],
  ['environments.<name>.backupTo.port (sftp)', `${PRODUCTION}.backupTo.port`, 23],
  ['environments.<name>.backupTo.user (sftp)', `${PRODUCTION}.backupTo.user`, 'other'],
  ['environments.<name>.backupTo.folder (sftp)', `${PRODUCTION}.backupTo.folder`, '/srv/exam'],
  [
    'environments.<name>.backupTo.knownHosts (sftp)',
    `${PRODUCTION}.backupTo.knownHosts`,
    `* ssh-ed25519 ${HOST_KEY}`,
  ],
];

const ON_ACCOUNTS: Change[] = [['mariadb.sharedAccount', 'mariadb.sharedAccount', 'dropped']];

test.each(ON_ACCOUNTS)('a change of %s, likewise, where each has its own', (heading, path, value) => {
  expect({ replaced: replacedBy('accounts', path, value) }).toEqual({
    replaced: promisedBy(claims.get(heading)!),
  });
});

test.each(ON_SFTP)('a change of %s, likewise, where they go to a server', (heading, path, value) => {
  expect({ replaced: replacedBy('sftp', path, value) }).toEqual({
    replaced: promisedBy(claims.get(heading)!),
  });
});

test.each(ON_BACKUPS)('a change of %s, likewise, where there are backups', (heading, path, value) => {
  expect({ replaced: replacedBy('backups', path, value) }).toEqual({
    replaced: promisedBy(claims.get(heading)!),
  });
});

test.each(CHANGES)(
  'a change of %s replaces the tasks that the page says, and no others',
  (heading, path, value) => {
    expect({ replaced: replacedBy('self-signed', path, value) }).toEqual({
      replaced: promisedBy(claims.get(heading)!),
    });
  },
);

test.each(ON_LETSENCRYPT)('a change of %s, likewise', (heading, path, value) => {
  expect({ replaced: replacedBy('letsencrypt', path, value) }).toEqual({
    replaced: promisedBy(claims.get(heading)!),
  });
});

test('every option is tried, but those that hold others, read files, or are none of the platform', () => {
  const tried = new Set(
    [...CHANGES, ...ON_LETSENCRYPT, ...ON_BACKUPS, ...ON_SFTP, ...ON_ACCOUNTS].map(([heading]) => heading),
  );
  const others = [...claims.keys()].filter(
    (heading) => !tried.has(heading) && !/^environments\.<name>\.(host|state)\./.test(heading),
  );
  expect(claims.size).toBeGreaterThan(120);
  expect(others.sort()).toEqual(
    [
      'backends',
      'environments.<name>.networks',
      'environments.<name>.services',
      'environments.<name>.services.<name>.caFile',
      'jobs.<name>.service',
      'mariadb.databases.<name>.schema',
      'nginx',
      'secrets.<name>.optional',
      'services',
      'services.<name>.caFile',
      'services.<name>.launcher',
      'tls.caFile (letsencrypt)',
      'tls.certificateFile (provided)',
      'tls.hsts (provided)',
      "tls.mode: 'self-signed'",
      'tls.privateKeyFile (provided)',
      'variables.<name>.default',
    ].sort(),
  );
});
