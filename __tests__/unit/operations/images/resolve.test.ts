import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveDigest } from '../../../../operations/images/resolve';
import { freePorts } from '../../../support/programs/loopback';
import { digestOf, FakeRegistry } from './fake-registry';

const registry = new FakeRegistry();
const home = mkdtempSync(join(tmpdir(), 'resolve-'));
beforeAll(() => registry.start());
afterAll(() => {
  registry.stop();
  rmSync(home, { recursive: true });
});

const DIGEST = digestOf('a');
const LOGIN = { TF_VAR_user: 'robot', TF_VAR_pass: 'secret' };
const BASIC = `Basic ${Buffer.from('robot:secret').toString('base64')}`;
const MANIFEST = 'HEAD /v2/acme/api/manifests/1.0';
const resolve = (shell: Record<string, string> = {}, timeout = 5000, address = registry.address) =>
  resolveDigest(`${registry.address}/acme/api:1.0`, {
    shell: { DOCKER_CONFIG: home, ...shell },
    registries: [{ address, username: 'user', password: 'pass' }],
    timeout,
  });

/** Wants a token, and gives one to the login, or to anybody. */
const withTokens = (tokenFor: (authorization: string | undefined, body: string) => string | undefined) =>
  registry.answers(({ path, authorization, body }, response) => {
    if (path.startsWith('/token')) {
      const token = tokenFor(authorization, body);
      response.writeHead(token ? 200 : 401).end(JSON.stringify({ token }));
    } else if (authorization === 'Bearer good') {
      response.writeHead(200, { 'docker-content-digest': DIGEST }).end();
    } else {
      const challenge = `Bearer realm="http://${registry.address}/token",service="fake, inc",scope="repository:acme/api:pull"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    }
  });

test('an open registry is asked once, for lists before single manifests', async () => {
  registry.answers((_, response) => response.writeHead(200, { 'docker-content-digest': DIGEST }).end());
  expect(await resolve()).toBe(DIGEST);
  expect(registry.requests).toEqual([MANIFEST]);
  expect(registry.asked[0]!.accept!.split(', ')).toEqual([
    'application/vnd.oci.image.index.v1+json',
    'application/vnd.docker.distribution.manifest.list.v2+json',
    'application/vnd.oci.image.manifest.v1+json',
    'application/vnd.docker.distribution.manifest.v2+json',
  ]);
});

describe('a registry with tokens', () => {
  test('gives one to anybody for a public image', async () => {
    withTokens(() => 'good');
    expect(await resolve()).toBe(DIGEST);
    expect(registry.requests).toEqual([
      MANIFEST,
      'GET /token?service=fake%2C+inc&scope=repository%3Aacme%2Fapi%3Apull',
      MANIFEST,
    ]);
    expect(registry.asked[1]!.authorization).toBeUndefined();
  });

  test('gets the login where the token is, never with the manifest', async () => {
    withTokens((authorization) => (authorization === BASIC ? 'good' : undefined));
    expect(await resolve(LOGIN)).toBe(DIGEST);
    expect(registry.asked.map(({ authorization }) => authorization)).toEqual([
      undefined,
      BASIC,
      'Bearer good',
    ]);
  });

  test('gets an identity token by POST', async () => {
    const auths = { [registry.address]: { identitytoken: 'refresh me' } };
    writeFileSync(join(home, 'config.json'), JSON.stringify({ auths }));
    withTokens((_, body) =>
      new URLSearchParams(body).get('refresh_token') === 'refresh me' ? 'good' : undefined,
    );
    try {
      expect(await resolve()).toBe(DIGEST);
    } finally {
      rmSync(join(home, 'config.json'));
    }
    expect(new URLSearchParams(registry.asked[1]!.body).get('grant_type')).toBe('refresh_token');
  });

  test('that refuses the login says so; without one, that there is none', async () => {
    withTokens(() => undefined);
    await expect(resolve(LOGIN)).rejects.toThrow(
      `${registry.address} refuses the login for acme/api\n  check that the account may read it, and log in again: docker login ${registry.address}, or set TF_VAR_user and TF_VAR_pass`,
    );
    await expect(resolve()).rejects.toThrow(
      `${registry.address} shows acme/api to nobody without a login, or does not have it\n  check the name, then: docker login`,
    );
  });

  test('that refuses the login names its variables however the catalogue writes the address', async () => {
    withTokens(() => undefined);
    for (const address of [`http://${registry.address}`, `https://${registry.address}/v1/`])
      await expect(resolve(LOGIN, 5000, address)).rejects.toThrow(/, or set TF_VAR_user and TF_VAR_pass$/);
  });

  test('whose token does not open the image is refused, without going round in circles', async () => {
    withTokens(() => 'bad');
    await expect(resolve(LOGIN)).rejects.toThrow('refuses the login for acme/api');
    expect(registry.asked).toHaveLength(3);
  });

  test('never gets a password over plain http to another machine', async () => {
    const challenge = 'Bearer realm="http://tokens.example.com/token",service="x"';
    registry.answers((_, response) => response.writeHead(401, { 'www-authenticate': challenge }).end());
    await expect(resolve(LOGIN)).rejects.toThrow(
      'wants a login at "http://tokens.example.com/token", which is not https\n  no password is sent there',
    );
  });
});

test('a registry with passwords of its own gets the login', async () => {
  registry.answers(({ authorization }, response) => {
    if (authorization === BASIC) response.writeHead(200, { 'docker-content-digest': DIGEST }).end();
    else response.writeHead(401, { 'www-authenticate': 'Basic realm="registry"' }).end();
  });
  expect(await resolve(LOGIN)).toBe(DIGEST);
  expect(registry.asked).toHaveLength(2);
});

test('a digest that the registry does not tell is computed from the content', async () => {
  const manifest = '{"schemaVersion":2, "manifests":[]}';
  registry.answers(({ method }, response) => response.writeHead(200).end(method === 'GET' ? manifest : ''));
  expect(await resolve()).toBe(`sha256:${createHash('sha256').update(manifest).digest('hex')}`);
  expect(registry.requests).toEqual([MANIFEST, MANIFEST.replace('HEAD', 'GET')]);
});

test('a redirect is followed', async () => {
  registry.answers(({ path }, response) => {
    if (path.startsWith('/mirror')) response.writeHead(200, { 'docker-content-digest': DIGEST }).end();
    else response.writeHead(307, { location: `/mirror${path}` }).end();
  });
  expect(await resolve()).toBe(DIGEST);
});

test.each([
  [404, {}, 'has no acme/api with the tag 1.0\n  push it first, or correct the image in services.config.ts'],
  [
    429,
    { 'retry-after': '30' },
    'has been asked too often\n  try again in 30 s; with a login it allows more',
  ],
  [429, {}, 'has been asked too often\n  try again later; with a login it allows more'],
  [400, {}, 'answers HTTP 400 for acme/api:1.0\n  check the image in services.config.ts'],
])('HTTP %i is said in words, and not tried again', async (status, headers, message) => {
  registry.answers((_, response) => response.writeHead(status, headers).end());
  await expect(resolve()).rejects.toThrow(`${registry.address} ${message}`);
  expect(registry.asked).toHaveLength(1);
});

describe('what may pass by itself', () => {
  test('is tried once more: a failing server', async () => {
    registry.answers((_, response) =>
      registry.asked.length === 1
        ? response.writeHead(503).end()
        : response.writeHead(200, { 'docker-content-digest': DIGEST }).end(),
    );
    expect(await resolve()).toBe(DIGEST);
  });

  test('is tried once more: a cut connection', async () => {
    registry.answers((_, response, request) =>
      registry.asked.length === 1
        ? request.socket.destroy()
        : response.writeHead(200, { 'docker-content-digest': DIGEST }).end(),
    );
    expect(await resolve()).toBe(DIGEST);
  });

  test('and does not, is said after the second time', async () => {
    registry.answers((_, response) => response.writeHead(503).end());
    await expect(resolve()).rejects.toThrow(
      'answers HTTP 503 for acme/api:1.0\n  it fails by itself: try again later',
    );
    expect(registry.asked).toHaveLength(2);
  });
});

test('a registry that accepts and says nothing is given up', async () => {
  const silent = createServer(() => {});
  const [port] = await freePorts(1);
  await new Promise<void>((done) => silent.listen(port, '127.0.0.1', done));
  const sockets: { destroy(): void }[] = [];
  silent.on('connection', (socket) => sockets.push(socket));
  try {
    await expect(
      resolveDigest(`127.0.0.1:${port}/api:1`, { shell: { DOCKER_CONFIG: home }, timeout: 200 }),
    ).rejects.toThrow(
      `127.0.0.1:${port} does not answer (nothing within 0.2 s)\n  check the name and the network`,
    );
  } finally {
    for (const socket of sockets) socket.destroy();
    silent.close();
  }
});

test('a registry that is not there is named', async () => {
  const [port] = await freePorts(1);
  await expect(resolveDigest(`127.0.0.1:${port}/api:1`, { shell: { DOCKER_CONFIG: home } })).rejects.toThrow(
    `127.0.0.1:${port} does not answer (ECONNREFUSED)`,
  );
});
