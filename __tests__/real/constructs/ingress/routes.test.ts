import { request } from 'node:https';
import type { Route } from '../../../../constructs/ingress/nginx-conf';
import { Duration } from '../../../../constructs/units';
import { openSocket } from '../../../../proof/load/websocket';
import { findNginx } from '../../../support/nginx/nginx';
import { RoutedNginx } from '../../../support/nginx/routed-nginx';
import { ask } from '../../../support/programs/loopback';

const nginx = findNginx();
const withNginx = nginx ? describe : describe.skip;

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

const ROUTES: Omit<Route, 'port'>[] = [
  { path: '/', service: 'web' },
  { path: '/one', service: 'web', rateLimit: { requestsPerSecond: 1, burst: 3 } },
  { path: '/half', service: 'web', rateLimit: { requestsPerSecond: 0.5, burst: 0 } },
  {
    path: '/class',
    service: 'web',
    rateLimit: { requestsPerSecond: 1, burst: 1, key: { cookie: '__Host-Session' } },
  },
  {
    path: '/token',
    service: 'web',
    rateLimit: { requestsPerSecond: 1, burst: 1, key: { header: 'Authorization' } },
  },
  { path: '/slow', service: 'web' },
  { path: '/patient', service: 'web', timeout: Duration.seconds(4) },
  { path: '/socket', service: 'web', websocket: true, websocketTimeout: Duration.seconds(3) },
  { path: '/socket/patient', service: 'web', websocket: true, timeout: Duration.seconds(4) },
  { path: '/events', service: 'web', streaming: true },
  { path: '/collected', service: 'web' },
  { path: '/upload', service: 'web', maxBodySize: '2k' },
  { path: '/app', service: 'web', exact: true, rewrite: '/' },
  { path: '/tools', service: 'web', rewrite: '/' },
  { path: '/inner/', service: 'web', rewrite: '/deep/', websocket: true },
  {
    path: '/embedded',
    service: 'web',
    headers: { 'X-Frame-Options': '', 'Cache-Control': 'no-store', 'X-Served-By': "who 'knows'; {}" },
  },
  { path: '/embedded/socket', service: 'web', websocket: true, headers: { 'X-Served-By': 'me' } },
];

withNginx(nginx ? `routes of nginx ${nginx.version}` : 'SKIPPED: no nginx >= 1.27.4 (set NGINX_BIN)', () => {
  const entrance = new RoutedNginx(nginx!);
  const asked: string[] = [];
  let hangUps = 0;

  beforeAll(async () => {
    entrance.name('web', '127.0.20.1');
    await entrance.task(
      '127.0.20.1',
      async (request, response) => {
        asked.push(`${request.method} ${request.url}`);
        if (hangUps-- > 0) return void request.socket.destroy();
        const query = new URL(request.url!, 'http://x').searchParams;
        request.resume();
        await pause(1000 * Number(query.get('sleep') ?? 0));
        if (query.has('torn')) {
          return void request.socket.end(
            'HTTP/1.1 200 OK\r\nX-Frame-Options: DENY\r\nReferrer-Policy: no-ref',
          );
        }
        if (query.has('secure')) {
          response.setHeader('X-Frame-Options', 'DENY');
          response.setHeader('Referrer-Policy', 'no-referrer');
        }
        response.setHeader('Cache-Control', 'public');
        if (query.has('header')) response.setHeader('X-Long', 'x'.repeat(Number(query.get('header'))));
        for (let event = Number(query.get('events') ?? 0); event > 0; event--) {
          response.write(`data: ${event}\n\n`);
          await pause(300);
        }
        response.end(request.url);
      },
      (request, socket) => {
        asked.push(`WS ${request.url}`);
        if (hangUps-- > 0) return void socket.destroy();
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello',
        );
      },
    );
    await entrance.open(ROUTES, { readTimeouts: { request: 1 }, maxBodySize: '100k' });
  }, 30_000);
  beforeEach(() => {
    asked.length = 0;
    hangUps = 0;
  });
  afterAll(() => entrance.close());

  const get = (path: string, options: Parameters<typeof ask>[1] = {}) => ask(entrance.base + path, options);
  const served = async (count: number, path: string, options: Parameters<typeof ask>[1] = {}) => {
    const answers = await Promise.all(Array.from({ length: count }, () => get(path, options)));
    // What a busy machine answers too late was let through all the same.
    return answers.filter(({ status }) => status !== 429).length;
  };

  describe('rate, burst and key', () => {
    test('so many a second, and so many at once', async () => {
      const from = { localAddress: '127.0.2.1' };
      const began = Date.now();
      // One more for each second that it took.
      const first = await served(10, '/one', from);
      const most = (capacity: number) => capacity + Math.floor((Date.now() - began) / 1000);
      expect(first).toBeGreaterThanOrEqual(4);
      expect(first).toBeLessThanOrEqual(most(4));
      await pause(2100);
      const second = await served(10, '/one', from);
      expect(second).toBeGreaterThanOrEqual(2);
      expect(first + second).toBeLessThanOrEqual(most(4));
    });

    test('half a request a second is thirty a minute', async () => {
      const from = { localAddress: '127.0.2.2' };
      const began = Date.now();
      expect(await served(1, '/half', from)).toBe(1);
      await pause(1100);
      const early = await served(1, '/half', from);
      if (Date.now() - began < 2000) expect(early).toBe(0);
      await pause(2100);
      expect(await served(1, '/half', from)).toBe(1);
    });

    test('clients with cookies of their own are told apart behind one address', async () => {
      const with_ = (cookie: string) => ({ localAddress: '127.0.2.3', headers: { cookie } });
      for (const name of ['ann', 'bob', 'cem']) {
        expect(await served(5, '/class', with_(`theme=dark; __Host-Session=${name}`))).toBe(2);
      }
    });

    test('those without one share what their address has', async () => {
      expect(await served(5, '/class', { localAddress: '127.0.2.4' })).toBe(2);
      expect(
        await served(5, '/class', { localAddress: '127.0.2.4', headers: { cookie: 'x__Host-Session=1' } }),
      ).toBe(0);
      expect(await served(5, '/class', { localAddress: '127.0.2.5' })).toBe(2);
    });

    test('tokens are told apart by their ends', async () => {
      const with_ = (end: string) => ({
        localAddress: '127.0.2.6',
        headers: { authorization: `Bearer ${'e'.repeat(100)}.${end.repeat(64)}` },
      });
      for (const end of ['1', '2']) expect(await served(5, '/token', with_(end))).toBe(2);
    });
  });

  describe('time-outs', () => {
    test('a route waits as long as it says, the others as long as all', async () => {
      expect((await get('/slow?sleep=2')).status).toBe(504);
      expect((await get('/patient?sleep=2')).status).toBe(200);
    });

    test('plain requests on a route of WebSockets have a time-out of their own', async () => {
      expect((await get('/socket?sleep=2')).status).toBe(504);
      expect((await get('/socket/patient?sleep=2')).status).toBe(200);
    });

    test('a WebSocket may be silent for its own time, and no longer', async () => {
      const port = Number(new URL(entrance.base).port);
      const socket = await openSocket({ address: '127.0.0.1', port, path: '/socket', from: '127.0.2.7' });
      const start = Date.now();
      expect(await socket.closed).toBe(1006);
      expect(Date.now() - start).toBeGreaterThan(2500);
      expect(Date.now() - start).toBeLessThan(4500);
    });

    test('an upgrade to something else is a plain request', async () => {
      const answer = await get('/socket', { headers: { Connection: 'Upgrade', Upgrade: 'h2c' } });
      expect(answer.status).toBe(200);
    });

    test('a WebSocket, too, is tried once more', async () => {
      hangUps = 1;
      const headers = { Connection: 'Upgrade', Upgrade: 'WebSocket' };
      expect(await get('/socket?a=1', { headers })).toMatchObject({ status: 101, body: 'hello' });
      expect(asked).toEqual(['WS /socket?a=1', 'WS /socket?a=1']);
    });
  });

  describe('streaming', () => {
    /** How many pieces come with a pause between them. */
    const pieces = (path: string) =>
      new Promise<number>((done, fail) => {
        const sent = request(entrance.base + path, { agent: false, rejectUnauthorized: false });
        sent.setHeader('accept-encoding', 'gzip');
        sent.on('error', fail);
        sent.on('response', (response) => {
          let count = 0;
          let last = 0;
          response.on('data', () => {
            if (Date.now() - last > 150) count++;
            last = Date.now();
          });
          response.on('end', () => done(count));
        });
        sent.end();
      });

    test('events come one by one where a route says so, else together', async () => {
      expect(await pieces('/events?events=4')).toBeGreaterThanOrEqual(4);
      expect(await pieces('/collected?events=2')).toBe(1);
    });
  });

  describe('maxBodySize', () => {
    const post = (path: string, size: number, chunked = false) =>
      new Promise<number>((done) => {
        const headers = chunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': size };
        const options = { method: 'POST', agent: false, rejectUnauthorized: false, headers };
        const sent = request(entrance.base + path, options, (response) => {
          response.resume();
          done(response.statusCode ?? 0);
        });
        sent.on('error', () => {});
        sent.end('x'.repeat(size));
      });

    test.each([false, true])('is a route’s own, chunked: %s', async (chunked) => {
      expect(await post('/upload', 2048, chunked)).toBe(200);
      expect(await post('/upload', 2049, chunked)).toBe(413);
      expect(await post('/other', 50_000, chunked)).toBe(200);
      expect(await post('/other', 150_000, chunked)).toBe(413);
    });
  });

  describe('exact and rewrite', () => {
    test.each([
      ['/app', '/'],
      ['/app?a=1&b=%20', '/?a=1&b=%20'],
      ['/app/', '/app/'],
      ['/application', '/application'],
      ['/tools', '/'],
      ['/tools/', '/'],
      ['/tools/a/b?c', '/a/b?c'],
      ['/tools/a%20b', '/a%20b'],
      ['/tools/a%0Ab', '/a%0Ab'],
      ['/tools/a%3Fb', '/a%3Fb'],
      ['/toolshed', '/toolshed'],
      ['/inner/x', '/deep/x'],
    ])('%s is %s of the service', async (path, seen) => {
      expect(await get(path)).toMatchObject({ status: 200, body: seen });
    });

    test('a second try asks for the same', async () => {
      hangUps = 1;
      expect((await get('/tools/tools/x')).body).toBe('/tools/x');
      expect(asked).toEqual(['GET /tools/x', 'GET /tools/x']);
    });

    test('a WebSocket is rewritten once', async () => {
      hangUps = 1;
      const headers = { Connection: 'Upgrade', Upgrade: 'websocket' };
      expect((await get('/inner/inner/x', { headers })).status).toBe(101);
      expect(asked).toEqual(['WS /deep/inner/x', 'WS /deep/inner/x']);
    });
  });

  describe('headers', () => {
    const REST = {
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin-when-cross-origin',
    };

    test('stand in place of the service’s and of nginx’s own', async () => {
      const { headers } = await get('/embedded');
      expect(headers).toMatchObject({
        ...REST,
        'cache-control': 'no-store',
        'x-served-by': "who 'knows'; {}",
      });
      expect(headers).not.toHaveProperty('x-frame-options');
    });

    test('are on what nginx answers itself, too, and on a second try', async () => {
      hangUps = 9;
      const failed = await get('/embedded');
      expect(failed).toMatchObject({ status: 502, headers: { ...REST, 'cache-control': 'no-store' } });
      hangUps = 1;
      expect((await get('/embedded')).headers).toMatchObject({ ...REST, 'cache-control': 'no-store' });
    });

    test('are on a WebSocket’s answer', async () => {
      const headers = { Connection: 'Upgrade', Upgrade: 'websocket' };
      expect((await get('/embedded/socket', { headers })).headers).toMatchObject({
        'x-served-by': 'me',
        'x-frame-options': 'SAMEORIGIN',
      });
    });

    test('of the service alone count where it has them, and what it leaves out is added', async () => {
      const { headers } = await get('/other?secure=1');
      expect(headers).toMatchObject({
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      });
    });

    test('of a service that hung up in the middle of them are not those of the error', async () => {
      expect(await get('/other?torn=1')).toMatchObject({
        status: 502,
        headers: { ...REST, 'x-frame-options': 'SAMEORIGIN' },
      });
      expect(
        (await get('/upload', { method: 'POST', headers: { 'content-length': 9999 } })).headers,
      ).toMatchObject({
        ...REST,
        'x-frame-options': 'SAMEORIGIN',
      });
    });

    test('of other routes are as they were', async () => {
      expect((await get('/other')).headers).toMatchObject({
        ...REST,
        'cache-control': 'public',
        'x-frame-options': 'SAMEORIGIN',
      });
    });
  });

  test.each([
    [12_000, 200],
    [20_000, 502],
  ])('an answer with %i bytes of headers is %i, and the service is asked once', async (size, status) => {
    expect((await get(`/other?header=${size}`)).status).toBe(status);
    expect(asked).toHaveLength(1);
  });
});
