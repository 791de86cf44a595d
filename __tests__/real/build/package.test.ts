import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
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
      capDrop: ['ALL'],
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
    mariadb: mariadb({ image: 'mariadb:10.11', limits: { ...size, memory: Memory.mebibytes(512) }, user: 'shop', password: 'db_password', databases: { orders: {} } }),
  },
  services: {
    web: {
      image: 'ghcr.io/shop/web:1.0.0', port: 8000, command: ['web'], capDrop: ['ALL'], replicas: 2, limits: size,
      backends: { mariadb: 'orders', cache: true },
    },
  },
  nginx: { image: 'nginx:1.30', limits: size, connectionsPerAddress: 100, edge: { limits: size }, routes: [{ path: '/', service: 'web' }] },
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
    'tsconfig.cli.json',
    'proctor',
    'main.ts',
    'services.config.ts',
    'build',
    'cli',
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

describe('its command line', () => {
  const proctor = (...args: string[]) =>
    spawnSync('npx', ['--no-install', 'proctor', ...args], {
      cwd: shop,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: folder, VPS_HOST: '203.0.113.10', VPS_USER: 'deploy' },
    });

  beforeAll(() => {
    const [catalogue = ''] = CATALOGUE.split('const app = new App();');
    write('services.config.ts', catalogue.replace('const platform', 'export const platform'));
    for (const name of ['main.ts', 'tsconfig.json', 'dist', 'cdktf.out'])
      rmSync(join(shop, name), { recursive: true, force: true });
    const images = [...catalogue.matchAll(/image: '([^']+)'/g)].map(([, image]) => [image, DIGEST]);
    write('images.lock.json', JSON.stringify(Object.fromEntries(images)));
    for (const name of ['typescript', '@typescript', '@types'])
      run('ln', ['-s', join(ROOT, 'node_modules', name), join(shop, 'node_modules', name)]);
  });

  test('names itself as it is called there, and the verbs that serve a project', () => {
    const { status, stdout } = proctor('--help');
    expect({ status, begin: stdout.split('\n')[0] }).toEqual({
      status: 0,
      begin: 'usage: npx --no-install proctor <verb> [options]',
    });
    expect(stdout).toMatch(/^ {2}deploy +/m);
    expect(stdout).not.toMatch(/^ {2}(lab|github)/m);
    expect(proctor('lab', 'up').stderr).toContain('there is no verb lab');
  });

  test('completes the names of its catalogue', () => {
    expect(proctor('__complete', 'rollback', '').stdout).toBe('cache\nmariadb\nweb\n');
  });

  test('reads its lock, and writes its compose file', () => {
    expect(proctor('images', 'lock', '--check')).toMatchObject({ status: 0 });
    expect(proctor('compose')).toMatchObject({ status: 0, stderr: '' });
    const compose = readFileSync(join(shop, 'compose/docker-compose.swarm.yml'), 'utf8');
    expect(compose).toContain('npx --no-install proctor provision prepare');
  });

  test('synthesizes it with all that runs beside Terraform', () => {
    expect(proctor('synth')).toMatchObject({ status: 0, stderr: '' });
    const json = readFileSync(join(shop, 'cdktf.out/stacks/swarm/cdk.tf.json'), 'utf8');
    const { resource } = JSON.parse(json);
    expect(Object.keys(resource.docker_service).sort()).toEqual(['cache', 'edge', 'mariadb', 'nginx', 'web']);
    expect(readdirSync(join(shop, 'dist')).sort()).toEqual(
      expect.arrayContaining(['check-certificate.js', 'provision.js', 'rollout.js']),
    );
  });

  test('plans with it, in a folder below as well, and says what is missing', () => {
    mkdirSync(join(shop, 'below'));
    const { status, stdout } = spawnSync('npx', ['--no-install', 'proctor', 'plan'], {
      cwd: join(shop, 'below'),
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: folder, VPS_HOST: '203.0.113.10', VPS_USER: 'deploy' },
    });
    expect(status).toBe(1);
    expect(stdout).toContain('TF_VAR_db_password');
    expect(existsSync(join(shop, 'cdktf.out.plan-production/stacks/swarm/cdk.tf.json'))).toBe(true);
  });

  test('a wrong type stops a synth, with its place', () => {
    const right = readFileSync(join(shop, 'services.config.ts'), 'utf8');
    write('services.config.ts', right.replace("mariadb: 'orders'", "mariadb: 'oders'"));
    const { status, stderr } = proctor('synth');
    write('services.config.ts', right);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: the types do not fit[\s\S]*services\.config\.ts/);
  });

  test('without a catalogue there is help, and of the rest it says what to write', () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const program = join(shop, 'node_modules/.bin/proctor');
    const { status, stderr } = spawnSync(program, ['status'], { cwd: empty, encoding: 'utf8' });
    expect(stderr).toBe(
      'error: there is no services.config.ts in this folder, nor above it\n  write one: export const platform = definePlatform({ … })\n',
    );
    expect(status).toBe(1);
    expect(spawnSync(program, ['help'], { cwd: empty }).status).toBe(0);
  });
});
