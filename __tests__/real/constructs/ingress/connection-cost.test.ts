import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { CONNECTION_COSTS, connectionsOf } from '../../../../constructs/units/connections';
import { deaf, halfABody, halfAHeader, halfOfBoth, whole } from '../../../../proof/attack/frames';
import { Entrance, memoryOf, patient } from '../../../support/nginx/entrance';
import { hold } from '../../../support/nginx/hold';
import { findNginx } from '../../../support/nginx/nginx';

const nginx = findNginx();
const measured: string[] = [];
const COUNT = Number(process.env.CONNECTIONS);

const header = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}`;
const large = Array.from({ length: 4 }, (_, at) => `X-${at}: ${'x'.repeat(8000)}\r\n`).join('');

/** What the kernel keeps for the sockets of one, measured in a control group: sockets, files, what epoll knows of them. */
const KERNEL = 6 * 1024;

/** Its share of the tables of both workers, which have room for each connection and the one that it leads to. */
const TABLE = 2 * 2 * 440;

/** What a client may keep open, and whether an answer shows that nginx has come so far. */
const KINDS: readonly [
  string,
  string | Buffer,
  { answered?: boolean; paused?: boolean; how?: 'idle'; alpn?: string },
][] = [
  ['idle', '', { how: 'idle' }],
  ['kept after a request', header('/', '\r\n'), { answered: true, how: 'idle' }],
  ['a header half sent', header('/', large), {}],
  [
    'a body half sent',
    `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\n${'x'.repeat(9000)}`,
    {},
  ],
  ['a WebSocket', header('/', 'Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n'), { answered: true }],
  ['a slow reader', header('/large', '\r\n'), { paused: true }],
  [
    'a slow reader of what is compressed',
    header('/large', 'Accept-Encoding: gzip\r\n\r\n'),
    { paused: true },
  ],
  ['kept after a request of HTTP/2', whole, { how: 'idle', alpn: 'h2', answered: true }],
  ['a header of HTTP/2 half sent', halfAHeader, { alpn: 'h2' }],
  ['a body of HTTP/2 half sent', halfABody, { alpn: 'h2' }],
  ['a body of HTTP/2 half sent and a header half sent', halfOfBoth, { alpn: 'h2' }],
  ['a slow reader of HTTP/2 and a header half sent', deaf({ path: '/large', dearly: true }), { alpn: 'h2' }],
];

/** Which compressed is still more than all buffers. */
const LARGE = randomBytes(3_000_000);

async function startLarge(port: number): Promise<() => void> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(request.url === '/large' ? LARGE : '{}');
  });
  server.on('upgrade', (_, socket) => {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello',
    );
    socket.on('error', () => {});
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return () => {
    server.closeAllConnections();
    server.close();
  };
}

/** Of a bench alone, since what else the machine does is in the figures. `npm run bench:connections`: where the numbers in `constructs/units/connections.ts` come from. */
(nginx && COUNT ? describe : describe.skip)(
  nginx
    ? `what a connection costs nginx ${nginx.version}; npm run bench:connections`
    : 'SKIPPED: no nginx >= 1.27.4 (set NGINX_BIN)',
  () => {
    afterAll(() => console.log(measured.join('\n')));

    test.each(KINDS)(
      '%s',
      async (kind, send, { answered = false, paused = false, how = 'busy' as 'idle' | 'busy', ...more }) => {
        const entrance = await new Entrance(nginx!).start({ service: startLarge, spoil: patient });
        // Each makes nginx read, and compress, some megabytes.
        const count = send.includes('/large') ? Math.ceil(COUNT / 10) : COUNT;
        try {
          const warm = await hold({ port: entrance.https, from: '127.0.0.9' }, 20, header('/', '\r\n'), true);
          warm.release();
          const base = { edge: memoryOf(entrance.edge), nginx: memoryOf(entrance.nginx) };
          const files = { files: true };
          const whole = { edge: memoryOf(entrance.edge, files), nginx: memoryOf(entrance.nginx, files) };
          const held = await hold(
            { port: entrance.https, from: '127.0.0.9', paused, ...more },
            count,
            send,
            answered,
          );
          await new Promise((done) => setTimeout(done, 5000));
          expect(held.ended()).toBe(0);
          for (const name of ['edge', 'nginx'] as const) {
            const each = (memoryOf(entrance[name]) - base[name]) / count + KERNEL + TABLE;
            const { [how]: told, base: besides } = CONNECTION_COSTS[name];
            measured.push(
              `${name}, ${kind}: ${(each / 1024).toFixed(1)} KiB, ${whole[name] >> 20} MiB besides`,
            );
            expect({ kind, name, each, isEnough: each <= told }).toMatchObject({ isEnough: true });
            expect(whole[name] - TABLE * connectionsOf().total).toBeLessThan(besides);
          }
          held.release();
        } finally {
          await entrance.remove();
        }
      },
      120_000,
    );
  },
);
