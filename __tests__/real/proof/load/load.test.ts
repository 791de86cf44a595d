import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { eventually } from '../../../../lab/ground/shell';
import type { LoadPlan, Stream } from '../../../../proof/load/plan';
import { startLoad } from '../../../../proof/load/process';
import { runLoad } from '../../../../proof/load/run';

const STREAM: Stream = {
  name: 'get',
  method: 'GET',
  path: '/',
  service: 'userservice',
  keepAlive: true,
  clients: 2,
  requestsPerSecond: 200,
  from: ['127.0.0.1'],
};
const good: RequestListener = (_, response) => response.end('{"service":"userservice"}');
const never = () => new AbortController().signal;

let servers: { close(): unknown; closeAllConnections?: () => void }[] = [];
afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections?.();
    server.close();
  }
  servers = [];
});

async function serve(listener: RequestListener): Promise<number> {
  const server: Server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const plan = (port: number, more: Partial<LoadPlan> = {}, stream: Partial<Stream> = {}): LoadPlan => ({
  target: { address: '127.0.0.1', port, tls: false },
  streams: [{ ...STREAM, ...stream }],
  maxSeconds: 5,
  maxRequests: 20,
  timeoutSeconds: 1,
  ...more,
});

test('counts every good answer and no failure', async () => {
  const result = await runLoad(plan(await serve(good)), never());
  expect(result).toMatchObject({ requests: 20, failed: 0, failures: [] });
  expect(result.p99).toBeGreaterThanOrEqual(result.p50);
  expect(result.perSecond.reduce((sum, { requests }) => sum + requests, 0)).toBe(20);
});

test('keeps one connection for each client, or opens one for each request', async () => {
  const connections = async (keepAlive: boolean) => {
    const sockets = new Set<unknown>();
    const port = await serve((request, response) => {
      sockets.add(request.socket);
      good(request, response);
    });
    await runLoad(plan(port, {}, { keepAlive }), never());
    return sockets.size;
  };
  expect(await connections(true)).toBe(2);
  expect(await connections(false)).toBe(20);
});

test('sends from each address in turn', async () => {
  const seen = new Set<string | undefined>();
  const port = await serve((request, response) => {
    seen.add(request.socket.remoteAddress);
    good(request, response);
  });
  await runLoad(plan(port, {}, { from: ['127.0.0.1', '127.0.0.2'] }), never());
  expect([...seen].sort()).toEqual(['127.0.0.1', '127.0.0.2']);
});

test('posts a JSON body and takes 201 for success', async () => {
  const bodies: string[] = [];
  const port = await serve((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      bodies.push(text);
      response.writeHead(201).end('{"service":"userservice"}');
    });
  });
  const result = await runLoad(plan(port, { maxRequests: 4 }, { method: 'POST', bodyBytes: 5000 }), never());
  expect(result).toMatchObject({ requests: 4, posts: 4, failed: 0 });
  expect(JSON.parse(bodies[0] ?? '').content).toHaveLength(5000);
});

test.each<[string, RequestListener]>([
  ['status 502', (_, response) => response.writeHead(502).end('bad gateway')],
  ['status 429', (_, response) => response.writeHead(429).end('{"service":"userservice"}')],
  ['status 301', (_, response) => response.writeHead(301, { location: '/' }).end()],
  ['body', (_, response) => response.end('<html>')],
  ['body', (_, response) => response.end('{"service":"analyticsservice"}')],
  ['body', (_, response) => response.end('null')],
  ['reset', (request) => request.socket.destroy()],
  ['time-out', () => {}],
  [
    'time-out',
    (_, response) => {
      response.writeHead(200).write('{"service":');
    },
  ],
  [
    'truncated',
    (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"service":');
      setTimeout(() => response.socket?.destroy(), 20);
    },
  ],
])('calls an answer failed, kind %s, and asks once only', async (kind, listener) => {
  let asked = 0;
  const port = await serve((request, response) => {
    asked++;
    listener(request, response);
  });
  const result = await runLoad(plan(port, { maxRequests: 2 }), never());
  expect(result).toMatchObject({ requests: 2, failed: 2, kinds: { [kind]: 2 } });
  expect(result.failures[0]).toMatchObject({ kind, stream: 'get' });
  expect(asked).toBe(2);
});

test('calls a connection that nobody takes refused', async () => {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const result = await runLoad(plan(port, { maxRequests: 3 }), never());
  expect(result).toMatchObject({ requests: 3, failed: 3, kinds: { refused: 3 } });
});

test('keeps the first twenty failures and counts all', async () => {
  const port = await serve((_, response) => response.writeHead(500).end());
  const result = await runLoad(plan(port, { maxRequests: 50 }), never());
  expect(result.failed).toBe(50);
  expect(result.failures).toHaveLength(20);
});

test('measures how long a service answered nobody', async () => {
  const start = Date.now();
  const answered = [start];
  const port = await serve((request, response) => {
    const time = Date.now() - start;
    if (time > 300 && time < 900) response.writeHead(503).end();
    else {
      answered.push(Date.now());
      good(request, response);
    }
  });
  const result = await runLoad(plan(port, { maxRequests: 10_000, maxSeconds: 1.5 }), never());
  expect(result.longestGap.service).toBe('userservice');
  // As the service itself saw it, on a machine that may stand still for a while.
  const gaps = answered.slice(1).map((time, index) => time - answered[index]!);
  expect(Math.abs(result.longestGap.milliseconds - Math.max(...gaps))).toBeLessThan(200);
});

test('keeps to its rate', async () => {
  const port = await serve(good);
  const result = await runLoad(
    plan(port, { maxRequests: 10_000, maxSeconds: 2 }, { requestsPerSecond: 40 }),
    never(),
  );
  expect(result.requests).toBeGreaterThan(40);
  expect(result.requests).toBeLessThan(85);
});

test('refuses a plan that leaves this machine, never ends or would be answered 429', async () => {
  const bad = (more: Partial<LoadPlan>, stream: Partial<Stream> = {}) =>
    runLoad(plan(1, more, stream), never());
  const elsewhere = { address: '192.0.2.1', port: 443, tls: true };
  await expect(bad({ target: elsewhere })).rejects.toThrow('192.0.2.1 is no address of a lab');
  await expect(bad({}, { from: ['192.168.0.1'] })).rejects.toThrow('no address of a lab');
  await expect(bad({ maxSeconds: Number.POSITIVE_INFINITY })).rejects.toThrow('load must end');
  await expect(bad({ maxRequests: 0 })).rejects.toThrow('load must end');
  await expect(bad({}, { path: '/users', requestsPerSecond: 10 })).rejects.toThrow('429');
});

describe('in a process of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'load-'));
  const outfile = join(folder, 'main.js');
  beforeAll(() => {
    buildSync({
      stdin: { contents: "require('./proof/load/main').loadMain()", resolveDir: process.cwd() },
      bundle: true,
      platform: 'node',
      target: 'node20',
      outfile,
      logLevel: 'error',
    });
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const program = [process.execPath, outfile];

  test('stops when it is told, and says what came of it', async () => {
    let asked = 0;
    const counting: RequestListener = (request, response) => {
      asked++;
      good(request, response);
    };
    const load = await startLoad(
      plan(await serve(counting), { maxSeconds: 60, maxRequests: 100_000 }),
      program,
    );
    expect(await eventually(20, () => asked > 20)).toBe(true);
    const result = await load.stop();
    expect(result.failed).toBe(0);
    expect(result.requests).toBeGreaterThan(20);
  });

  test('ends by itself', async () => {
    const load = await startLoad(plan(await serve(good)), program);
    expect((await load.result).requests).toBe(20);
  });

  test('says why it died', async () => {
    const dead = [process.execPath, '-e', 'console.error("no memory"); process.exit(3)'];
    await expect(startLoad(plan(1), dead)).rejects.toThrow(/ended with 3\nno memory/);
  });
});
