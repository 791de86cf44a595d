import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preflight } from '../../../../operations/preflight/preflight';
import { declared, stack } from '../deploy/stack';
import { type FakeDaemon, fakeDaemon } from '../docker/fake-daemon';

const GIB = 2 ** 30;
const services = [
  declared('web', {
    image: 'ghcr.io/o/web:v2@sha256:aa',
    ports: [{ published: 443, target: 443, protocol: 'tcp' }],
  }),
  declared('api', { image: 'registry.test/api:v9' }),
];
const registries = [{ address: 'ghcr.io', username: 'user', password: 'token' }];
const shell = { TF_VAR_user: 'ana', TF_VAR_token: 'geheim', TF_VAR_a: 'new' };
let daemon: FakeDaemon;
let running: object[];
let logins: Record<string, unknown>;

async function start(info: object = { ControlAvailable: true, LocalNodeState: 'active' }) {
  logins = {};
  running = [];
  daemon = await fakeDaemon((request, _body, response) => {
    const path = decodeURIComponent((request.url ?? '').split('?')[0]!);
    const image = /^\/distribution\/(.+)\/json$/.exec(path)?.[1];
    if (path === '/info') {
      response.end(
        JSON.stringify({
          SystemTime: new Date().toISOString(),
          ServerVersion: '26.1.5',
          DockerRootDir: '/',
          Swarm: info,
        }),
      );
    } else if (path === '/nodes') {
      const Description = { Hostname: 'vm', Resources: { NanoCPUs: 4e9, MemoryBytes: 8 * GIB } };
      response.end(
        JSON.stringify([{ Spec: { Availability: 'active' }, Status: { State: 'ready' }, Description }]),
      );
    } else if (path === '/services') response.end(JSON.stringify(running));
    else if (path === '/networks') response.end('[]');
    else if (path === '/containers/json') {
      response.end(
        JSON.stringify([{ Names: ['/apache'], Ports: [{ PublicPort: 443, Type: 'tcp' }], Labels: {} }]),
      );
    } else if (image) {
      const auth = String(request.headers['x-registry-auth'] ?? '');
      logins[image] = JSON.parse(Buffer.from(auth, 'base64').toString() || 'null');
      if (image.includes('api:v9'))
        response.writeHead(404).end('{"message":"manifest unknown: manifest unknown"}');
      else response.end('{}');
    } else response.writeHead(500).end(`{"message":"unexpected ${path}"}`);
  });
}
afterEach(() => daemon.stop());
const look = (more: object = {}, environment = 'lab') =>
  preflight({
    stack: stack({ services, registries, host: daemon.host, requiredVariables: ['db_password'], ...more }),
    shell,
    projectFolder: '/',
    environment,
  });

test('all findings come at once, and nothing but reads is asked of the server', async () => {
  await start();
  const findings = await look();
  expect(
    findings.filter(({ level }) => level === 'failure').map(({ check, text }) => `${check}: ${text}`),
  ).toEqual([
    'images: registry.test does not have registry.test/api:v9, for api',
    'ports: port 443/tcp, which web publishes, is held by container apache',
    'variables: TF_VAR_db_password is missing',
  ]);
  expect(findings.map(({ check }) => check)).toEqual(
    expect.arrayContaining(['engine', 'swarm', 'clock', 'capacity', 'disk']),
  );
  expect(daemon.requests.filter((request) => !request.startsWith('GET '))).toEqual([]);
});

test('a rotation is told, and an optional secret that would vanish is a failure', async () => {
  await start();
  const secret = { minLength: 1, optional: true, asciiOnly: false, services: ['web'] };
  const secrets = [
    { ...secret, name: 'a', hashPrefix: 'shop/a/' },
    { ...secret, name: 'b', hashPrefix: 'shop/b/' },
  ];
  const Secrets = [{ SecretName: 'shop_a_0123456789' }, { SecretName: 'shop_b_0123456789' }];
  running = [{ Spec: { Name: 'shop_web', TaskTemplate: { ContainerSpec: { Image: 'x', Secrets } } } }];
  const told = async (more: object) =>
    (await look({ settings: { secrets }, ...more }))
      .filter(({ check }) => check === 'secrets')
      .map(({ level, text }) => `${level}: ${text}`);
  expect(await told({})).toEqual([
    expect.stringMatching(/^ok: a rotates, 0123456789 → \w{10}: web rolls$/),
    'failure: TF_VAR_b is empty, but web has b now and would start without it',
  ]);
  // Terraform's own files are not looked into.
  const folder = mkdtempSync(join(tmpdir(), 'preflight-'));
  writeFileSync(join(folder, 'terraform.tfvars'), 'b = "x"\n');
  expect(await told({ folder })).toEqual([expect.stringMatching(/^ok: a rotates/)]);
  rmSync(folder, { recursive: true });
});

test('the daemon asks a registry with the login of that registry alone', async () => {
  await start();
  await look();
  expect(logins['ghcr.io/o/web:v2@sha256:aa']).toEqual({
    username: 'ana',
    password: 'geheim',
    serveraddress: 'ghcr.io',
  });
  expect(JSON.stringify(logins['registry.test/api:v9'])).not.toMatch(/geheim/);
});

test('on a worker it stops asking', async () => {
  await start({ ControlAvailable: false, LocalNodeState: 'active' });
  const findings = await look();
  expect(findings).toContainEqual(expect.objectContaining({ check: 'swarm', level: 'failure' }));
  expect(daemon.requests).toEqual(['GET /info']);
});

test('a server that does not answer is unreachable, and what can be told without it is told', async () => {
  await start();
  await daemon.down();
  const findings = await look();
  expect(findings).toMatchObject([
    { check: 'server', level: 'failure', unreachable: true, fix: expect.stringMatching(/systemctl/) },
    { check: 'variables', level: 'failure' },
  ]);
});

test('outside of the lab the providers’ checksums are asked for', async () => {
  await start();
  const folder = mkdtempSync(join(tmpdir(), 'locked-'));
  try {
    writeFileSync(join(folder, 'cdk.tf.json'), '{}');
    const warned = { check: 'providers', level: 'warning' };
    expect(await look({ folder }, 'production')).toContainEqual(expect.objectContaining(warned));
    expect(await look({ folder })).not.toContainEqual(expect.objectContaining({ check: 'providers' }));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
