import { createSocket } from 'node:dgram';
import { writeFileSync } from 'node:fs';
import {
  createServer,
  type IncomingHttpHeaders,
  type RequestOptions,
  request as requestHttp,
} from 'node:http';
import { request as requestHttps } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { makePair } from './certificates';

// Counted on, so that none is given twice; begun anywhere, as a file before this one may be ending its servers still.
let nextPort = Math.floor(Math.random() * 200);

/**
 * Ports of loopback that are free now, and that nobody takes unasked before they are used: they lie below those that the
 * kernel gives to connections (32768 and more), and each of a run's workers has 200 of its own.
 */
export async function freePorts(count: number): Promise<number[]> {
  // The parent is the run: another one at the same time most likely has others.
  const block = (process.ppid + Number(process.env.JEST_WORKER_ID ?? 0)) % 50;
  const first = 22_000 + block * 200;
  const ports: number[] = [];
  for (let tries = 0; ports.length < count; tries++) {
    if (tries === 200) throw new Error(`no ${count} free ports from ${first} on`);
    const port = first + (nextPort++ % 200);
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

async function isFree(port: number): Promise<boolean> {
  const isTcpFree = await new Promise<boolean>((done) => {
    const server = createTcpServer().on('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
  const isUdpFree = await new Promise<boolean>((done) => {
    const socket = createSocket('udp4').on('error', () => done(false));
    socket.bind(port, '127.0.0.1', () => socket.close(() => done(true)));
  });
  return isTcpFree && isUdpFree;
}

/** Docker's DNS in small: a name in `names` has its addresses, or 127.0.0.1; every other does not exist. */
export async function startDns(
  port: number,
  names: ReadonlySet<string> | ReadonlyMap<string, readonly string[]>,
): Promise<() => void> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const labels: string[] = [];
    let at = 12;
    for (; query[at]; at += query[at]! + 1)
      labels.push(query.toString('latin1', at + 1, at + 1 + query[at]!));
    const name = labels.join('.');
    const known = names.has(name);
    const addresses = !known ? [] : 'get' in names ? names.get(name)! : ['127.0.0.1'];
    const reply = Buffer.concat([
      query.subarray(0, 2),
      Buffer.from([0x81, known ? 0x80 : 0x83, 0, 1, 0, addresses.length, 0, 0, 0, 0]),
      query.subarray(12, at + 5),
      ...addresses.map((address) =>
        Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 2, 88, 0, 4, ...address.split('.').map(Number)]),
      ),
    ]);
    socket.send(reply, from.port, from.address);
  });
  await new Promise<void>((done) => socket.bind(port, '127.0.0.1', done));
  return () => socket.close();
}

/** A service that tells in JSON who it is and what reached it; it accepts every WebSocket and says `hello`. */
export async function startService(name: string, port: number): Promise<() => void> {
  const server = createServer((request, response) => {
    const redirect =
      request.url === '/users/redirect' ? { Location: `http://${request.headers.host}/users/` } : {};
    response.writeHead('Location' in redirect ? 307 : 200, {
      'Content-Type': 'application/json',
      ...redirect,
    });
    response.end(JSON.stringify({ name, url: request.url, headers: request.headers }));
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

/** A service that hangs up on its next requests, or never answers them, and remembers the methods since it was told to. */
export async function startHangingUp(port: number) {
  let left = 0;
  let hangUp = true;
  let methods: string[] = [];
  const server = createServer((request, response) => {
    methods.push(request.method ?? '');
    if (left-- <= 0) response.end('{}');
    else if (hangUp) request.socket.destroy();
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  const next = (count: number, hangingUp: boolean) => {
    [left, hangUp, methods] = [count, hangingUp, []];
  };
  return {
    times: (count: number) => next(count, true),
    silent: (count: number) => next(count, false),
    asked: () => methods,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request on a connection of its own; certificates are not checked. */
export function ask(url: string, options: RequestOptions = {}): Promise<Answer> {
  const send = url.startsWith('https') ? requestHttps : requestHttp;
  return new Promise((done, fail) => {
    const request = send(url, {
      agent: false,
      rejectUnauthorized: false,
      timeout: 5000,
      ...options,
    } as RequestOptions);
    request.on('response', (response) => {
      let body = '';
      response.on('data', (part) => (body += part));
      // It may break off.
      response.on('error', fail);
      response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    request.on('upgrade', (response, socket, head) => {
      const finish = (body: string) => {
        socket.destroy();
        done({ status: 101, headers: response.headers, body });
      };
      if (head.length > 0) finish(head.toString());
      else socket.once('data', (data) => finish(data.toString()));
    });
    request.on('timeout', () => request.destroy(new Error(`no answer from ${url}`)));
    request.on('error', fail);
    request.end();
  });
}

/** A throw-away pair for localhost, in files. */
export function certificatePair(folder: string): { certificate: string; certificateKey: string } {
  const certificate = join(folder, 'fullchain.pem');
  const certificateKey = join(folder, 'privkey.pem');
  const pair = makePair({ subject: '/CN=localhost' });
  writeFileSync(certificate, pair.certificate);
  writeFileSync(certificateKey, pair.privateKey);
  return { certificate, certificateKey };
}
