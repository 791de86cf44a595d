import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../../..');
/** Outside the project, whose own type check would find it; its packages are told by path. */
const folder = mkdtempSync(join(tmpdir(), 'types-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is wrong, the line of the catalogue below that is replaced, and the one in its place. */
const MISTAKES: [claim: string, right: string, wrong: string, where?: string][] = [
  [
    'an unknown secret',
    "secrets: { SESSION_KEY: 'session_key' },",
    "secrets: { SESSION_KEY: 'sesion_key' },",
  ],
  ['an unknown variable', "variables: { HOST: 'smtp_host' },", "variables: { HOST: 'session_key' },"],
  ['an unknown database', "backends: { mariadb: 'acme_users' },", "backends: { mariadb: 'acme_user' },"],
  ['an unknown backend', "backends: { mariadb: 'acme_users' },", 'backends: { redis: true },'],
  [
    // A factory knows its own arguments alone, so it is told where its result is used.
    "an unknown secret as the database's password",
    "password: 'db_password',",
    "password: 'db_pasword',",
    'mariadb: mariadb({',
  ],
  ['an unknown route target', "{ path: '/', service: 'users' },", "{ path: '/', service: 'user' },"],
  [
    'a route that does not begin with a slash',
    "{ path: '/', service: 'users' },",
    "{ path: 'x', service: 'users' },",
  ],
  ...(
    [
      ['a rate that is a text', "rate: '10'"],
      ['a time-out without its unit', 'timeout: 60'],
      ['a body size that nginx does not know', "maxBodySize: '50 MB'"],
      ['a rewrite that does not begin with a slash', "rewrite: 'x'"],
      ['a limit by a part of the path', 'key: { path: 2 }'],
      ['an affinity to nothing', 'affinity: {}'],
      ['a header that is a number', "headers: { 'X-A': 1 }"],
    ] as const
  ).map(([claim, words]): [string, string, string] => [
    claim,
    "{ path: '/', service: 'users' },",
    `{ path: '/', service: 'users', ${words} },`,
  ]),
  ['a misspelt key of a service', 'replicas: 2,', 'replica: 2,'],
  ['a misspelt key of the platform', "serverName: 'acme.example.com',", "servername: 'acme.example.com',"],
  ['a misspelt key of an environment', 'disposable: true,', 'disposible: true,'],
  ['a key that nginx does not have', "maxBodySize: '2m',", "maxBodysize: '2m',"],
  ['a missing required field of a service', 'port: 8000,', ''],
  ['a missing required field of the platform', "name: 'acme',", ''],
  ['a number without its unit', 'heap: Memory.mebibytes(512),', 'heap: 512,'],
  ['a memory where a CPU is meant', 'cpus: Cpu.cores(4),', 'cpus: Memory.gibibytes(4),'],
  ['seconds as a number', 'drain: Duration.seconds(6),', 'drain: 6,'],
  ['a URL of a service that is not there', "urls: { USERS_URL: 'users' },", "urls: { USERS_URL: 'nginx2' },"],
  [
    'an override of a service that is not there',
    'services: { users: { replicas: 1 } },',
    'services: { user: { replicas: 1 } },',
  ],
  [
    'a misspelt key of an override',
    'services: { users: { replicas: 1 } },',
    'services: { users: { replica: 1 } },',
  ],
  ['an unknown kind of state', "state: { kind: 'local' },", "state: { kind: 'locale' },"],
  ['an unknown mode of TLS', "tls: { mode: 'self-signed' },", "tls: { mode: 'selfsigned' },"],
  [
    'an acknowledgement of a rule that is not there',
    "acknowledge: { limits: 'why' },",
    "acknowledge: { limit: 'why' },",
  ],
  ['an endpoint mode that Docker does not have', "endpointMode: 'vip',", "endpointMode: 'ipvs',"],
];

const CATALOGUE = `definePlatform({
  name: 'acme',
  serverName: 'acme.example.com',
  tls: { mode: 'self-signed' },
  secrets: { db_password: {}, session_key: {} },
  variables: { smtp_host: { kind: 'host' } },
  backends: {
  mariadb: mariadb({
    image: 'mariadb:10.11',
    limits: SIZE,
    user: 'acme',
    password: 'db_password',
    databases: { acme_users: {} },
  }),
  kafka: kafka({
    image: 'apache/kafka:4.1.1',
    limits: SIZE,
    heap: Memory.mebibytes(512),
  }),
  },
  services: {
    users: {
      image: 'ghcr.io/acme/users:1.0.0',
      port: 8000,
      command: ['users'],
      replicas: 2,
      limits: SIZE,
      drain: Duration.seconds(6),
      endpointMode: 'vip',
      backends: { mariadb: 'acme_users' },
      secrets: { SESSION_KEY: 'session_key' },
      variables: { HOST: 'smtp_host' },
      urls: { USERS_URL: 'users' },
      acknowledge: { limits: 'why' },
    },
  },
  nginx: {
    image: 'nginx:1.30',
    limits: SIZE,
    edge: false,
    maxBodySize: '2m',
    routes: [
      { path: '/', service: 'users' },
    ],
  },
  environments: {
    production: {
      node: {
        cpus: Cpu.cores(4),
        memory: Memory.gibibytes(8),
      },
      state: { kind: 'local' },
      disposable: true,
      services: { users: { replicas: 1 } },
    },
  },
});`;

const HEAD = `import { Cpu, Duration, definePlatform, kafka, mariadb, Memory } from '${join(ROOT, 'constructs')}';
const SIZE = { cpus: Cpu.cores(1), memory: Memory.mebibytes(512) };
`;

/** The catalogue with one mistake, on a line of its own. */
function mistaken(right: string, wrong: string): string {
  if (CATALOGUE.split(right).length !== 2) throw new Error(`the catalogue has not exactly one ${right}`);
  return CATALOGUE.replace(right, () => wrong);
}

/** The compiler's complaints by file; one run for all of them, since its start is what takes long. */
function complaints(files: Record<string, string>): Map<string, string[]> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `${name}.ts`), text);
  const settings = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: { types: ['node'], typeRoots: [join(ROOT, 'node_modules/@types')] },
    include: [],
    files: Object.keys(files).map((name) => `${name}.ts`),
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [compiler, '--noEmit', '--pretty', 'false', '-p', folder], {
    cwd: folder,
    encoding: 'utf8',
  });
  const found = new Map<string, string[]>(Object.keys(files).map((name) => [name, []]));
  for (const [, path, line, error] of stdout.matchAll(/^(\S.*?)\.ts\((\d+),\d+\): error (.*)$/gm)) {
    const name = relative(folder, resolve(folder, path!));
    const text = files[name]?.split('\n')[Number(line) - 1]?.trim();
    found.set(name, [...(found.get(name) ?? []), `${text} ← ${error}`]);
  }
  return found;
}

const name = (index: number) => `mistake_${index}`;
const found = complaints({
  sound: HEAD + CATALOGUE,
  ...Object.fromEntries(
    MISTAKES.map(([, right, wrong], index) => [name(index), HEAD + mistaken(right, wrong)]),
  ),
});

test('a sound catalogue compiles, and so does everything that it is made of', () => {
  expect(found.get('sound')).toEqual([]);
  expect([...found.keys()].filter((file) => file !== 'sound' && !file.startsWith('mistake_'))).toEqual([]);
});

test.each(MISTAKES.map(([claim, , wrong, where = wrong], index) => [claim, index, where] as const))(
  '%s does not compile, and the error is where the mistake is',
  (_, index, where) => {
    const errors = found.get(name(index))!;
    // What is missing is missed where the whole begins, which is no line of its own.
    const expected = where === '' ? "is missing in type '{" : `${where} ←`;
    expect(errors).toContainEqual(expect.stringContaining(expected));
  },
);
