import type { Socket } from 'node:net';
import { findNginx } from '../../../support/nginx/nginx';
import { RoutedNginx } from '../../../support/nginx/routed-nginx';
import { ask } from '../../../support/programs/loopback';

const nginx = findNginx();
const withNginx = nginx ? describe : describe.skip;

const GOOD = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK';
const LONG = `HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(20_000)}\r\nContent-Length: 0\r\n\r\n`;
/** What a task does with a request that it has read. */
const FAULTS = {
  'hangs up': (socket: Socket) => void socket.destroy(),
  'ends within its headers': (socket: Socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Le'),
  'answers more headers than fit': (socket: Socket) => void socket.end(LONG),
  'answers what is no HTTP': (socket: Socket) => void socket.end('NO\x01THING\r\n\r\n'),
  'answers 503': (socket: Socket) =>
    void socket.end('HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
  'answers 502': (socket: Socket) =>
    void socket.end('HTTP/1.1 502 Bad\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
  'does not answer': () => {},
} as const;
type Fault = keyof typeof FAULTS;

/** docs/routes.md has the same table in words. */
withNginx(
  nginx ? `a second try of nginx ${nginx.version}` : 'SKIPPED: no nginx >= 1.27.4 (set NGINX_BIN)',
  () => {
    const entrance = new RoutedNginx(nginx!);
    const asked: string[] = [];
    const faults: (Fault | undefined)[] = [];

    beforeAll(async () => {
      entrance.name('two', '127.0.21.1', '127.0.21.2');
      entrance.name('half', '127.0.21.1', '127.0.21.9');
      entrance.name('none', '127.0.21.9');
      for (const address of ['127.0.21.1', '127.0.21.2']) {
        await entrance.rawTask(address, (socket) =>
          socket.once('data', (data) => {
            asked.push(String(data).split(' ')[0]!);
            const fault = faults.shift();
            if (fault) FAULTS[fault](socket);
            else socket.end(GOOD);
          }),
        );
      }
      const routes = ['two', 'half', 'none'].map((service) => ({
        path: `/${service}`,
        service,
        rateLimit: false as const,
      }));
      await entrance.open(routes, { readTimeouts: { request: 1 } });
    }, 30_000);
    beforeEach(() => {
      asked.length = 0;
      faults.length = 0;
    });
    afterAll(() => entrance.close());
    const send = async (method: string, path = '/two') =>
      (await ask(entrance.base + path, { method })).status;

    test.each<[Fault, string, number, number]>([
      ['hangs up', 'GET', 200, 2],
      ['hangs up', 'HEAD', 200, 2],
      ['hangs up', 'OPTIONS', 200, 2],
      ['hangs up', 'PUT', 200, 2],
      ['hangs up', 'DELETE', 200, 2],
      ['hangs up', 'POST', 502, 1],
      ['hangs up', 'PATCH', 502, 1],
      ['ends within its headers', 'GET', 200, 2],
      ['ends within its headers', 'POST', 502, 1],
      ['answers more headers than fit', 'GET', 502, 1],
      ['answers more headers than fit', 'POST', 502, 1],
      ['answers 503', 'GET', 503, 1],
      ['answers 502', 'GET', 502, 1],
      ['answers 502', 'POST', 502, 1],
      ['does not answer', 'GET', 504, 1],
      ['does not answer', 'PUT', 504, 1],
      ['does not answer', 'POST', 504, 1],
    ])('a task that %s: a %s is %i, tasks are asked %i times', async (fault, method, status, times) => {
      faults.push(fault);
      expect(await send(method)).toBe(status);
      expect(asked).toEqual(Array(times).fill(method));
    });

    test('where all tasks hang up, a GET goes round twice, a PUT once', async () => {
      faults.push(...Array<Fault>(9).fill('hangs up'));
      expect(await send('GET')).toBe(502);
      expect(asked).toHaveLength(4);
      asked.length = 0;
      expect(await send('PUT')).toBe(502);
      expect(asked).toHaveLength(2);
    });

    test('where one has begun to answer, nobody goes round again', async () => {
      faults.push(...Array<Fault>(9).fill('ends within its headers'));
      expect(await send('GET')).toBe(502);
      expect(asked).toHaveLength(2);
    });

    test.each(['GET', 'POST'])('a task that cannot be reached costs a %s nothing', async (method) => {
      for (let count = 0; count < 4; count++) expect(await send(method, '/half')).toBe(200);
      expect(asked).toHaveLength(4);
      expect(await send(method, '/none')).toBe(502);
    });

    test('an answer that breaks off in its body is not asked for again', async () => {
      const broken = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this';
      const stop = await entrance.rawTask('127.0.21.3', (socket) =>
        socket.once('data', () => {
          asked.push('broken');
          socket.end(broken);
        }),
      );
      entrance.name('two', '127.0.21.3');
      await entrance.forgets();
      await expect(ask(`${entrance.base}/two`)).rejects.toThrow();
      expect(asked).toEqual(['broken']);
      stop();
    }, 15_000);
  },
);
