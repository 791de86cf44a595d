import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DIGEST } from '../../support/platform/platform';

jest.setTimeout(300_000);

const ROOT = resolve(__dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'package-'));
const shop = join(folder, 'shop');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (program: string, args: readonly string[], cwd = shop) =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const write = (name: string, content: string) => writeFileSync(join(shop, name), content);

const CATALOGUE = `
import {
  App, type Backend, Cpu, definePlatform, Healthcheck, Memory, mariadb, Platform, statefulDefaults, SwarmConfig, SwarmService,
} from 'proctorwise-swarm';

const size = { cpus: Cpu.cores(0.5), memory: Memory.mebibytes(256) };
const stateful = { image: 'valkey/valkey:8.1', limits: size };

const valkey = (): Backend<true, never> => ({
  kind: 'Valkey',
  spec: stateful,
  declare: (at, after) => {
    const config = new SwarmConfig(at.scope, \`\${at.id}_conf\`, { content: 'appendonly yes\\n' });
    return new SwarmService(at.scope, at.id, {
      ...statefulDefaults(at, stateful),
      port: 6379,
      configs: [{ config, target: '/etc/valkey.conf' }],
      mounts: [{ type: 'volume', name: \`\${at.id}_data\`, target: '/data' }],
      healthcheck: Healthcheck.command(['valkey-cli', 'ping']),
    }, after);
  },
  grant: (id) => ({ settings: [{ name: 'CACHE_URL', value: \`redis://\${id}:6379\` }] }),
});

const platform = definePlatform({
  name: 'shop',
  serverName: 'shop.example.com',
  tls: { mode: 'self-signed' },
  secrets: { db_password: {} },
  variables: {},
  backends: {
    cache: valkey(),
    mariadb: mariadb({ image: 'mariadb:10.11', limits: size, user: 'shop', password: 'db_password', databases: { orders: {} } }),
  },
  services: {
    web: {
      image: 'ghcr.io/shop/web:1.0.0', port: 8000, command: ['web'], replicas: 2, limits: size,
      backends: { mariadb: 'orders', cache: true },
    },
  },
  nginx: { image: 'nginx:1.30', limits: size, edge: { limits: size }, routes: [{ path: '/', service: 'web' }] },
  environments: { production: { node: { cpus: Cpu.cores(4), memory: Memory.gibibytes(8) }, state: { kind: 'local' } } },
});

const app = new App();
new Platform(app, platform, {
  environment: 'production',
  shell: { VPS_HOST: '203.0.113.10', VPS_USER: 'deploy' },
  imageLock: Object.fromEntries(
    ['valkey/valkey:8.1', 'mariadb:10.11', 'ghcr.io/shop/web:1.0.0', 'nginx:1.30'].map((image) => [image, '${DIGEST}']),
  ),
});
app.synth();
`;

beforeAll(() => {
  // Packed in a copy: another suite may build in the project at the same time.
  const copy = join(folder, 'project');
  const parts = [
    'package.json',
    'tsconfig.json',
    'tsconfig.lib.json',
    'build',
    'constructs',
    'contract',
    'operations',
  ];
  for (const part of [...parts, 'README.md', 'LICENSE', 'CHANGELOG.md', 'node_modules']) {
    if (part === 'node_modules') run('ln', ['-s', join(ROOT, part), join(copy, part)], ROOT);
    else cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  }
  mkdirSync(shop);
  run('npm', ['pack', '--silent', '--pack-destination', folder], copy);
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  write('package.json', '{ "name": "shop", "private": true }\n');
  const tarball = join(folder, `proctorwise-swarm-${version}.tgz`);
  run('npm', ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', tarball]);
  write('main.ts', CATALOGUE);
  write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: {
        target: 'ES2022',
        module: 'node16',
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: true,
        outDir: 'dist',
        types: [],
      },
      files: ['main.ts'],
    }),
  );
});

const compile = () => run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.']);

test('an empty project installs the package, and its catalogue is type-checked and synthesized', () => {
  compile();
  run(process.execPath, ['dist/main.js']);

  const stack = join(shop, 'cdktf.out/stacks/swarm');
  const { resource } = JSON.parse(readFileSync(join(stack, 'cdk.tf.json'), 'utf8'));
  expect(Object.keys(resource.docker_service).sort()).toEqual(['cache', 'edge', 'mariadb', 'nginx', 'web']);
  const steps = Object.keys(resource.null_resource);
  for (const service of Object.keys(resource.docker_service)) expect(steps).toContain(`${service}_rollout`);
  expect(steps).toEqual(expect.arrayContaining(['mariadb_prepare', 'mariadb_finish', 'deployed']));

  const command = (step: string): string =>
    resource.null_resource[step].provisioner[0]['local-exec'].command.replace('${path.module}', stack);
  for (const step of ['web_rollout', 'mariadb_prepare']) {
    const script = /"(.+)"/.exec(command(step))![1]!;
    expect(existsSync(script)).toBe(true);
    // Self-contained: it runs where there are no packages.
    cpSync(script, join(folder, 'script.js'));
    run(process.execPath, ['--check', join(folder, 'script.js')]);
  }
  const launcher = Object.entries<{ data: string }>(resource.docker_config).find(
    ([name]) => name === 'launcher',
  )!;
  const text = readFileSync(join(ROOT, 'constructs/assets/launch.sh'), 'utf8');
  expect(Buffer.from(launcher[1].data, 'base64').toString()).toBe(text);
});

test('a misspelt word of the catalogue does not compile against the package', () => {
  write('main.ts', CATALOGUE.replace("mariadb: 'orders'", "mariadb: 'oders'"));
  let said = '';
  try {
    compile();
  } catch (error) {
    said = (error as { stdout: string }).stdout;
  }
  expect(said).toContain(`Type '"oders"' is not assignable to type`);
});
