import { type NginxConfOptions, nginxConf, type Route } from '../../../../constructs/ingress/nginx-conf';
import { eventually } from '../../../../lab/ground/shell';
import { findNginx, NginxFolder } from '../../../support/nginx/nginx';
import {
  ask,
  certificatePair,
  freePorts,
  startDns,
  startHangingUp,
  startService,
} from '../../../support/programs/loopback';

const ROUTES = [
  { path: '/', service: 'userservice', port: 8000 },
  { path: '/users', service: 'userservice', port: 8000 },
  { path: '/exams', service: 'reservationservice', port: 8000 },
  {
    path: '/monitoring',
    service: 'monitoringservice',
    port: 8003,
    websocket: true,
    rateLimit: { requestsPerSecond: 10, burst: 50 },
  },
  { path: '/notifications', service: 'notificationservice', port: 8000, websocket: true },
  { path: '/corrections', service: 'correctionservice', port: 8000, rateLimit: false },
] satisfies Route[];
const conf = (options: Partial<NginxConfOptions> = {}) =>
  nginxConf({ routes: ROUTES, behindEdge: true, ...options });

describe('nginxConf', () => {
  test('makes one upstream per service, resolved every second, without marking tasks as failed', () => {
    expect(conf().match(/^ *upstream /gm)).toHaveLength(5);
    expect(conf()).toContain('server tasks.monitoringservice:8003 resolve max_fails=0;');
    expect(conf()).toContain('resolver 127.0.0.11 valid=1s ipv6=off;');
  });

  test('never lets nginx repeat a request that is not idempotent', () => {
    expect(conf()).not.toMatch(/proxy_next_upstream |non_idempotent/);
  });

  test('listens for the PROXY protocol behind the edge only', () => {
    expect(conf()).toMatch(/listen 8080 proxy_protocol[\s\S]*listen 8443 ssl proxy_protocol/);
    expect(conf({ trustedProxies: ['10.9.0.0/24'] })).toContain('set_real_ip_from 10.9.0.0/24;');
    const alone = conf({ behindEdge: false });
    expect(alone).toMatch(/listen 80 default_server[\s\S]*listen 443 ssl default_server/);
    expect(alone).not.toMatch(/proxy_protocol|set_real_ip_from|keepalive_min_timeout/);
  });

  test('lets old workers end with their last connection behind the edge: a reload for a certificate cuts no WebSocket', () => {
    expect(conf()).not.toContain('worker_shutdown_timeout');
    expect(conf({ behindEdge: false })).toContain('worker_shutdown_timeout 5s;');
  });

  test.each<[readonly Route[], string]>([
    [[], 'no route'],
    [[{ path: 'users', service: 'u', port: 1 }], "a path starts with '/'"],
    [[{ path: '/health', service: 'u', port: 1 }], 'nginx answers /health itself'],
    [[{ path: '/a', service: 'u', port: 0 }], '0 is no port'],
    [[{ path: '/a', service: 'u;', port: 1 }], "service 'u;' cannot stand"],
    [[ROUTES[1]!, { path: '/users', service: 'other', port: 1 }], 'userservice has this path already'],
    [[ROUTES[1]!, { path: '/b', service: 'userservice', port: 9 }], 'another route says 8000'],
    [[{ path: '/a', service: 'u', port: 1, rateLimit: { requestsPerSecond: 0, burst: 1 } }], 'rateLimit 0/s'],
    ...[' ', ';', '{', '}', '"', "'", '$', '\n', '\\', '#'].map((character): [readonly Route[], string] => [
      [{ path: `/a${character}b`, service: 'u', port: 1 }],
      'are safe in nginx.conf',
    ]),
  ])('refuses routes %j', (routes, message) => expect(() => conf({ routes })).toThrow(message));

  test.each([
    [{ maxBodySize: '50 MB' }, "Write '50m'"],
    [{ certificate: '/a b;' }, 'certificate'],
    [{ publicHttpsPort: 70000 }, 'publicHttpsPort'],
    [{ behindEdge: false, trustedProxies: ['10.0.0.0/8'] }, 'without behindEdge'],
  ])('refuses %j', (options, message) => expect(() => conf(options)).toThrow(message));
});

const nginx = findNginx();
const withNginx = nginx ? describe : describe.skip;

withNginx(nginx ? `nginx ${nginx.version}` : 'SKIPPED: no nginx >= 1.27.4 (set NGINX_BIN)', () => {
  let folder: NginxFolder;
  let base: string;
  let plain: string;
  let health: string;
  const names = new Set(
    ['userservice', 'monitoringservice', 'notificationservice', 'correctionservice'].map(
      (name) => `tasks.${name}`,
    ),
  );
  const stops: (() => void)[] = [];
  let hangingUp: Awaited<ReturnType<typeof startHangingUp>>;
  let options: Partial<NginxConfOptions>;

  beforeAll(async () => {
    folder = new NginxFolder(nginx!);
    const pair = certificatePair(folder.path);
    const [http, https, healthPort, dns, ...services] = (await freePorts(9)) as [
      number,
      number,
      number,
      number,
    ];
    const portOf = new Map(
      [...new Set(ROUTES.map(({ service }) => service))].map((name, at) => [name, services[at]!]),
    );
    stops.push(await startDns(dns, names));
    hangingUp = await startHangingUp(portOf.get('correctionservice')!);
    for (const [name, port] of portOf)
      stops.push(name === 'correctionservice' ? hangingUp.stop : await startService(name, port));
    options = {
      ...pair,
      runtimeFolder: folder.path,
      resolver: `127.0.0.1:${dns}`,
      publicHttpsPort: https,
      readTimeouts: { request: 1 },
    };
    base = `https://127.0.0.1:${https}`;
    plain = `http://127.0.0.1:${http}`;
    health = `http://127.0.0.1:${healthPort}`;
    const routes = ROUTES.map((route) => ({ ...route, port: portOf.get(route.service)! }));
    const ports = { http, https, health: healthPort };
    const text = nginxConf({ ...options, ports, routes, behindEdge: false, hsts: true });
    await folder.start(text, async () => {
      if ((await ask(`${base}/`, { localAddress: '127.0.0.9' })).status !== 200)
        throw new Error('no name resolved yet');
    });
  }, 20_000);
  afterAll(async () => {
    await folder?.remove();
    for (const stop of stops) stop();
  });

  test.each([
    ['behind the edge', { behindEdge: true }],
    ['alone', { behindEdge: false }],
    [
      'with everything',
      { behindEdge: true, hsts: true, acmeWebroot: '/var/www/acme', serverName: 'a.example' },
    ],
  ])('accepts the configuration %s without a warning', (_, variant) => {
    const said = folder.check(conf({ ...options, ...variant }));
    expect(said).toMatch(/^ok/);
    expect(said).not.toMatch(/\[(warn|emerg|alert)\]/);
  });

  test('accepts the longest names, and those that frameworks give their cookies', () => {
    const label = (letter: string, length = 63) => letter.repeat(length);
    const limit = { requestsPerSecond: 1, burst: 1 };
    const keys = ['JSESSIONID', 'XSRF-TOKEN', 'SESSION_ID', 'PHPSESSID', '__Host-session', 'J'.repeat(60)];
    const routes: Route[] = [
      ...keys.map((cookie) => ({
        path: `/${cookie}`,
        service: 'userservice',
        port: 8000,
        rateLimit: { ...limit, key: { cookie } },
      })),
      {
        path: '/header',
        service: 'userservice',
        port: 8000,
        rateLimit: { ...limit, key: { header: 'X-Goog-Iap-Jwt-Assertion' } },
        headers: { [`X-${label('y', 98)}`]: 'a' },
      },
    ];
    const hosts = [`${label('a')}.${label('b')}.${label('c')}.${label('d', 61)}`, 'short.example'];
    const said = folder.check(conf({ ...options, routes, hosts }));
    expect(said).toMatch(/^ok/);
    expect(said).not.toMatch(/\[(warn|emerg|alert)\]/);
  });

  test('answers /health itself over HTTP, HTTPS and the loopback listener', async () => {
    for (const url of [plain, base, health])
      expect(await ask(`${url}/health`)).toMatchObject({ status: 200, body: 'OK' });
  });

  test('redirects all else to HTTPS, on the public port', async () => {
    const answer = await ask(`${plain}/exams/7?x=1`);
    expect(answer.status).toBe(301);
    expect(answer.headers.location).toBe(`${base}/exams/7?x=1`);
  });

  test.each([
    ['/', 'userservice'],
    ['/other', 'userservice'],
    ['/users/1?q=%20a', 'userservice'],
    ['/monitoring/frames', 'monitoringservice'],
    ['/notifications', 'notificationservice'],
  ])('passes %s unchanged to %s', async (path, name) => {
    expect(JSON.parse((await ask(base + path, { localAddress: '127.0.0.2' })).body)).toMatchObject({
      name,
      url: path,
    });
  });

  test('starts although a service does not resolve, and serves it when it does', async () => {
    expect((await ask(`${base}/exams`, { localAddress: '127.0.0.3' })).status).toBe(502);
    names.add('tasks.reservationservice');
    let status = 0;
    for (let tries = 0; status !== 200 && tries < 40; tries++) {
      await new Promise((done) => setTimeout(done, 200));
      status = (await ask(`${base}/exams`, { localAddress: '127.0.0.3' })).status;
    }
    expect(status).toBe(200);
  }, 15_000);

  test.each(['/users', '/monitoring'])(
    'forwards the client and the scheme, and not what a client claims: %s',
    async (path) => {
      const headers = { 'X-Forwarded-For': '6.6.6.6', 'X-Real-IP': '6.6.6.6' };
      const { headers: seen } = JSON.parse(
        (await ask(base + path, { localAddress: '127.0.0.4', headers })).body,
      );
      expect(seen).toMatchObject({
        host: base.slice('https://'.length),
        'x-real-ip': '127.0.0.4',
        'x-forwarded-for': '127.0.0.4',
        'x-forwarded-proto': 'https',
        'x-forwarded-port': base.split(':')[2],
      });
    },
  );

  test("turns a service's redirect to HTTP into one to HTTPS", async () => {
    const answer = await ask(`${base}/users/redirect`, { localAddress: '127.0.0.4' });
    expect(answer).toMatchObject({ status: 307, headers: { location: `${base}/users/` } });
  });

  test('sets the security headers on answers of services, of its own and on errors', async () => {
    for (const path of ['/users', '/monitoring', '/health']) {
      expect((await ask(base + path, { localAddress: '127.0.0.5' })).headers).toMatchObject({
        // No version.
        server: 'nginx',
        'x-frame-options': 'SAMEORIGIN',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'strict-origin-when-cross-origin',
        'strict-transport-security': 'max-age=63072000',
      });
    }
  });

  test.each([
    ['/users', 30, 21, '127.0.1.1'],
    ['/monitoring', 60, 51, '127.0.1.2'],
    ['/', 60, 60, '127.0.1.3'],
  ])('%s: of %i requests at once about %i are served, the rest get 429', async (path, sent, served, from) => {
    const start = Date.now();
    const answers = await Promise.all(
      Array.from({ length: sent }, () => ask(base + path, { localAddress: from })),
    );
    const seconds = (Date.now() - start) / 1000;
    const good = answers.filter(({ status }) => status === 200).length;
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(sent - good);
    expect(good).toBeGreaterThanOrEqual(served);
    // The bucket leaks ten a second while they are sent.
    expect(good).toBeLessThanOrEqual(Math.min(sent, served + 2 + 10 * seconds));
    expect((await ask(base + path, { localAddress: '127.0.1.250' })).status).toBe(200);
  });

  test.each(['GET', 'HEAD', 'OPTIONS'])('asks a service that hung up on a %s once more', async (method) => {
    hangingUp.times(1);
    expect((await ask(`${base}/corrections`, { method })).status).toBe(200);
    expect(hangingUp.asked()).toEqual([method, method]);
  });

  test('gives up after the second time; a try on a kept connection does not count', async () => {
    hangingUp.times(10);
    expect((await ask(`${base}/corrections`)).status).toBe(502);
    expect([2, 3]).toContain(hangingUp.asked().length);
  });

  test('asks no second time for an answer that does not come in time', async () => {
    hangingUp.silent(1);
    expect((await ask(`${base}/corrections`)).status).toBe(504);
    expect(hangingUp.asked()).toEqual(['GET']);
  });

  // PUT and DELETE may be repeated by HTTP's own rules, and nginx does so where a kept connection turns out to be closed.
  test.each(['POST', 'PATCH'])('never repeats a %s that a service had', async (method) => {
    hangingUp.times(1);
    expect((await ask(`${base}/corrections`, { method })).status).toBe(502);
    expect(hangingUp.asked()).toEqual([method]);
  });

  test('upgrades to WebSocket where a route says so, and nowhere else', async () => {
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket' };
    for (const path of ['/monitoring/ws', '/notifications/ws']) {
      expect(await ask(base + path, { headers, localAddress: '127.0.0.6' })).toMatchObject({
        status: 101,
        body: 'hello',
      });
    }
    expect((await ask(`${base}/users`, { headers, localAddress: '127.0.0.6' })).status).toBe(200);
  });

  test('logs the upstream and the time, but no query, where tokens travel', async () => {
    await ask(`${base}/users/logged?token=hunter2`, { localAddress: '127.0.0.7' });
    // nginx logs after it has answered.
    expect(await eventually(10, () => folder.output().includes('127.0.0.7 '))).toBe(true);
    expect(folder.output()).toMatch(
      /127\.0\.0\.7 .*"GET \/users\/logged HTTP\/1.1" 200 .*rt=[\d.]+ upstream=127\.0\.0\.1:\d+/,
    );
    expect(folder.output()).not.toContain('hunter2');
  });
});
