import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect as http2 } from 'node:http2';
import { type ConnectionOptions, connect } from 'node:tls';
import { CONNECTION_COSTS, connectionsOf } from '../../../../constructs/units/connections';
import { eventually } from '../../../../lab/ground/shell';
import { RefusedCounter } from '../../../../operations/status/refused';
import { deaf } from '../../../../proof/attack/frames';
import { Entrance, type EntranceOptions, memoryOf, patient } from '../../../support/nginx/entrance';
import { type Held, hold } from '../../../support/nginx/hold';
import { findNginx } from '../../../support/nginx/nginx';
import { ask } from '../../../support/programs/loopback';

const found = findNginx();
const withNginx = found ? describe : describe.skip;
const pause = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000));
/** A service that answers `/` alone. @returns what ends it */
async function silent(port: number): Promise<() => void> {
  const server = createServer((request, response) => {
    if (request.url === '/') response.end('{}');
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return () => {
    server.closeAllConnections();
    server.close();
  };
}
const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
const post = (length: number, begun: string) =>
  `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n${begun}`;

withNginx(found ? `an entrance under attack, nginx ${found.version}` : 'SKIPPED: no nginx >= 1.27.4', () => {
  let entrance: Entrance;
  const held: Held[] = [];
  const attack = async (...args: Parameters<typeof hold>) => {
    const more = await hold(...args);
    held.push(more);
    return more;
  };
  const start = async (options: EntranceOptions = {}) => {
    entrance = await new Entrance(found!).start(options);
    return entrance;
  };
  const honest = async () =>
    (await ask(`https://127.0.0.1:${entrance.https}/`, { localAddress: '127.0.0.3' })).status;
  afterEach(async () => {
    for (const one of held.splice(0)) one.release();
    await entrance.remove();
  });

  test('one address stops at its number of connections, and others do not notice', async () => {
    await start({ connections: connectionsOf(20) });
    const open = await attack({ port: entrance.https, from: '127.0.0.2' }, 60, GET);
    expect(await eventually(10, () => open.ended() === 40)).toBe(true);
    expect(await honest()).toBe(200);
    expect(entrance.edge.output()).toMatch(
      /limiting connections by zone "address" [^,]*, client: 127\.0\.0\.2/,
    );
    open.release();
    expect(
      await eventually(10, async () => {
        const again = await attack({ port: entrance.https, from: '127.0.0.2' }, 1, GET, true);
        return again.ended() === 0;
      }),
    ).toBe(true);
  }, 60_000);

  test('what is refused, and a worker that is killed, is in the logs as status counts them', async () => {
    await start({ connections: connectionsOf(10), conf: { maxBodySize: '50m' } });
    const open = await attack({ port: entrance.https, from: '127.0.0.2' }, 15, post(50_000_000, 'x'));
    expect(await eventually(10, () => open.statuses.length === 2)).toBe(true);
    const counted = () => {
      const counter = new RefusedCounter();
      counter.add(entrance.edge.output());
      counter.add(entrance.nginx.output());
      return counter.result();
    };
    // nginx logs once the client is gone, or after its patience with the rest of the body.
    expect(await eventually(20, () => counted().byRoute['/'] === 2)).toBe(true);
    process.kill(entrance.nginx.processes()[1]!, 'SIGKILL');
    expect(await eventually(10, () => counted().workers === 1)).toBe(true);
    expect(counted()).toMatchObject({ connections: 5, addresses: 1, full: 0 });
  }, 60_000);

  test('all addresses together stop at the sum that there is memory for', async () => {
    await start({ connections: connectionsOf(20) });
    const each = await Promise.all(
      [2, 3, 4].map((last) => attack({ port: entrance.https, from: `127.0.0.${last}` }, 20, GET)),
    );
    const ended = () => each.reduce((sum, one) => sum + one.ended(), 0);
    expect(await eventually(10, () => ended() === 20)).toBe(true);
    expect(entrance.edge.output()).toContain('limiting connections by zone "all"');
  }, 60_000);

  test('requests of one connection are counted, too: of an address, and of all together', async () => {
    await start({ connections: connectionsOf(20), service: silent });
    const refused: string[] = [];
    const many = (from: string, count: number) => {
      const socket = connect({
        host: '127.0.0.1',
        port: entrance.https,
        localAddress: from,
        ALPNProtocols: ['h2'],
        rejectUnauthorized: false,
      } as ConnectionOptions);
      const session = http2(`https://127.0.0.1:${entrance.https}`, { createConnection: () => socket });
      session.on('error', () => {});
      for (let at = 0; at < count; at++) {
        const stream = session.request({ ':path': '/wait', ':authority': 'localhost' });
        stream.on('error', () => {});
        stream.on('response', ({ ':status': status }) => refused.push(`${from} ${status}`));
        stream.resume();
      }
      held.push({ sockets: [], statuses: [], ended: () => 0, release: () => session.destroy() });
    };
    const times = (count: number, text: string) => Array<string>(count).fill(text);
    many('127.0.0.2', 30);
    expect(await eventually(20, () => refused.length >= 10)).toBe(true);
    expect(refused.splice(0)).toEqual(times(10, '127.0.0.2 429'));
    many('127.0.0.3', 15);
    many('127.0.0.4', 15);
    expect(await eventually(20, () => refused.length >= 10)).toBe(true);
    expect(refused.map((text) => text.slice(-3))).toEqual(times(10, '429'));
  }, 60_000);

  test('600 browsers with six connections each behind one address are served, and others beside them', async () => {
    await start({ spoil: patient });
    const before = memoryOf(entrance.nginx);
    const all = await attack({ port: entrance.https, from: '127.0.0.2' }, 3600, GET, true);
    expect(all.ended()).toBe(0);
    expect(await honest()).toBe(200);
    expect(memoryOf(entrance.nginx) - before).toBeLessThan(3600 * 36 * 1024);
  }, 120_000);

  test('a client without a whole header, and one without a handshake, has ten seconds', async () => {
    await start();
    const slow = await attack({ port: entrance.https, from: '127.0.0.2' }, 5, GET.slice(0, -2));
    const idle = await attack({ port: entrance.https, from: '127.0.0.2' }, 5);
    const begun = Date.now();
    const trickle = setInterval(() => {
      for (const socket of slow.sockets) socket.write('X-More: 1\r\n');
    }, 2000);
    expect(await eventually(40, () => slow.ended() === 5 && idle.ended() === 5)).toBe(true);
    clearInterval(trickle);
    expect(Date.now() - begun).toBeGreaterThan(5_000);
  }, 60_000);

  test('bodies that become files are few of one address and few in all, small ones are not counted', async () => {
    await start({ conf: { maxBodySize: '50m' }, spoil: patient });
    const send = (last: number, count: number, text: string) =>
      attack({ port: entrance.https, from: `127.0.0.${last}` }, count, text);
    const refused = async (some: Held, count: number) => {
      expect(await eventually(10, () => some.statuses.length === count)).toBe(true);
      expect(new Set(some.statuses)).toEqual(new Set([429]));
    };
    await refused(await send(2, 20, post(50_000_000, 'x'.repeat(20_000))), 12);
    const chunked = 'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n';
    await refused(await send(3, 20, chunked), 12);
    await refused(await send(4, 5, post(50_000_000, 'x')), 5);
    const small = await send(2, 20, post(9999, 'x'));
    await pause(1);
    expect(small.statuses).toEqual([]);
    const body = await ask(`https://127.0.0.1:${entrance.https}/`, {
      method: 'POST',
      headers: { 'content-length': 0 },
      localAddress: '127.0.0.2',
    });
    expect(body.status).toBe(200);
  }, 60_000);

  test('small bodies in chunks, and requests without any, are as many as their route bears', async () => {
    const CHUNKED = (path: string) =>
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n`;
    await start({ spoil: patient, service: silent });
    const chunked = await attack({ port: entrance.https, from: '127.0.0.2' }, 160, CHUNKED('/'));
    expect(await eventually(20, () => chunked.statuses.length === 10)).toBe(true);
    const without = 'POST /wait HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const bodiless = await attack({ port: entrance.https, from: '127.0.0.3' }, 170, without);
    await pause(2);
    expect(new Set(chunked.statuses)).toEqual(new Set([429]));
    expect(bodiless.statuses).toEqual([]);
  }, 60_000);

  test('a class that hands in some MB each, at one moment and from one address, is taken', async () => {
    await start({ conf: { maxBodySize: '50m' }, spoil: patient });
    const send = (last: number, count: number) =>
      attack({ port: entrance.https, from: `127.0.0.${last}` }, count, post(9_000_000, 'x'.repeat(20_000)));
    const refused = (...some: Held[]) => some.flatMap(({ statuses }) => statuses);
    const work = await send(2, 60);
    const more = await send(2, 5);
    expect(await eventually(30, () => refused(work, more).length >= 5)).toBe(true);
    const others = [await send(3, 60), await send(4, 5)];
    expect(await eventually(30, () => refused(...others).length >= 5)).toBe(true);
    await pause(1);
    expect(refused(work, more, ...others)).toEqual(Array(10).fill(429));
  }, 120_000);

  test('a body may be one megabyte unless the catalogue says more', async () => {
    await start();
    const one = await attack({ port: entrance.https, from: '127.0.0.2' }, 1, post(1024 * 1024 + 1, ''));
    expect(await eventually(10, () => one.statuses.length === 1)).toBe(true);
    expect(one.statuses).toEqual([413]);
  }, 60_000);

  test('hundreds of bodies half sent keep no more of the memory than is counted on', async () => {
    await start({ spoil: patient });
    const before = memoryOf(entrance.nginx);
    await attack({ port: entrance.https, from: '127.0.0.2' }, 600, post(120_000, 'x'.repeat(100_000)));
    await pause(2);
    expect(memoryOf(entrance.nginx) - before).toBeLessThan(600 * 68 * 1024);
    expect(await honest()).toBe(200);
  }, 60_000);

  test('an answer of HTTP/2 that nobody takes keeps no more of the memory than is counted on', async () => {
    const answer = randomBytes(2_000_000);
    const service = async (port: number) => {
      const server = createServer((request, response) => {
        response.setHeader('content-type', 'application/json');
        response.end(request.url === '/large' ? answer : '{}');
      });
      await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
      return () => {
        server.closeAllConnections();
        server.close();
      };
    };
    await start({ service, spoil: patient });
    const count = 200;
    const send = deaf({ path: '/large', dearly: true });
    // What a worker touches for the first one is none of a connection's.
    await attack({ port: entrance.https, from: '127.0.0.3', alpn: 'h2' }, 8, send);
    await pause(1);
    const others = [await new Entrance(found!).start(), await new Entrance(found!).start()];
    const before = memoryOf(entrance.nginx);
    const silent = await attack({ port: entrance.https, from: '127.0.0.2', alpn: 'h2' }, count, send);
    expect(await honest()).toBe(200);
    await pause(3);
    expect(silent.ended()).toBe(0);
    // As tests beside this one do: what they shared with it (the program, its libraries) is its alone then.
    for (const other of others) await other.remove();
    expect(memoryOf(entrance.nginx) - before).toBeLessThan(count * CONNECTION_COSTS.nginx.busy);
  }, 60_000);

  test('a slow reader makes no file', async () => {
    const service = async (port: number) => {
      const server = createServer((_: IncomingMessage, response: ServerResponse) => {
        response.end(Buffer.alloc(30_000_000, 120));
      });
      await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
      return () => {
        server.closeAllConnections();
        server.close();
      };
    };
    await start({ service });
    await attack({ port: entrance.https, from: '127.0.0.2', paused: true }, 2, GET);
    await pause(2);
    expect(entrance.nginx.temporaryFiles()).toEqual([]);
  }, 60_000);

  describe('of the hosts that may be asked for', () => {
    const hosts = ['exam.example.com', '203.0.113.10', '[2001:db8::1]'];
    const status = async (host: string, path = '/', scheme = 'https') => {
      const port = scheme === 'https' ? entrance.https : entrance.http;
      return (await ask(`${scheme}://127.0.0.1:${port}${path}`, { headers: { host } })).status;
    };

    test('each is served, with and without a port, and any other is misdirected', async () => {
      await start({ conf: { hosts } });
      for (const host of hosts) {
        expect([host, await status(host), await status(host, '/', 'http')]).toEqual([host, 200, 301]);
        expect(await status(`${host}:${entrance.https}`)).toBe(200);
      }
      for (const host of ['evil.example', '127.0.0.1', 'a.exam.example.com', ''])
        expect([host, await status(host), await status(host, '/', 'http')]).toEqual([host, 421, 421]);
      expect([
        await status('evil.example', '/health'),
        await status('evil.example', '/health', 'http'),
      ]).toEqual([200, 200]);
    }, 30_000);

    test('without a list any is served', async () => {
      await start();
      expect(await status('evil.example')).toBe(200);
    }, 30_000);
  });

  test('what clients say of themselves and of proxies, and another protocol, reach no service', async () => {
    await start();
    const { body } = await ask(`https://127.0.0.1:${entrance.https}/`, {
      localAddress: '127.0.0.3',
      headers: {
        Forwarded: 'for=1.2.3.4;host=evil.example',
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-For': '1.2.3.4',
        Connection: 'Upgrade, HTTP2-Settings',
        Upgrade: 'h2c',
        'HTTP2-Settings': 'AAMAAABkAARAAAAAAAIAAAAA',
      },
    });
    const { headers } = JSON.parse(body) as { headers: Record<string, string> };
    expect(headers).toMatchObject({ 'x-forwarded-for': '127.0.0.3' });
    expect(headers.forwarded).toBeUndefined();
    expect(headers['x-forwarded-host']).toBeUndefined();
    expect(headers.upgrade).toBeUndefined();
    expect(JSON.stringify(headers)).not.toMatch(/evil|h2c/);
  }, 30_000);

  test('no log of nginx holds a query, though its service is gone or it refuses', async () => {
    await start({ service: async () => () => {}, conf: { maxBodySize: '1k' } });
    const at = (path: string, options = {}) => ask(`https://127.0.0.1:${entrance.https}${path}`, options);
    expect((await at('/gone?token=hunter2')).status).toBe(502);
    const length = { 'content-length': 5000 };
    expect((await at('/large?token=hunter2', { method: 'POST', headers: length })).status).toBe(413);
    await at('/gone', { headers: { referer: 'https://localhost/?token=hunter2' } });
    expect(await eventually(10, () => entrance.nginx.output().includes('/large'))).toBe(true);
    expect(entrance.nginx.output()).not.toContain('hunter2');
  }, 30_000);
});
