import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { frame, masked, openSocket } from '../../../../proof/load/websocket';
import { makePair } from '../../../support/programs/certificates';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server that upgrades and hands over the connection. */
async function upgrading(talk: (stream: Duplex) => void): Promise<number> {
  const { certificate, privateKey } = makePair();
  server = createServer({ cert: certificate, key: privateKey });
  server.on('upgrade', (request, stream: Duplex) => {
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    stream.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    stream.on('error', () => {});
    talk(stream);
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const open = (port: number) => openSocket({ address: '127.0.0.1', port, path: '/ws', from: '127.0.0.1' });
const fromServer = (opcode: number, payload: Buffer) =>
  Buffer.concat([Buffer.from([0x80 | opcode, payload.length]), payload]);

/** Undoes a client's mask. */
function unmasked(data: Buffer): { opcode: number; text: string } {
  const mask = data.subarray(2, 6);
  const length = data[1]! & 0x7f;
  const text = data.subarray(6, 6 + length).map((byte, index) => byte ^ mask[index % 4]!);
  return { opcode: data[0]! & 0x0f, text: Buffer.from(text).toString() };
}

test('a text comes back, even in two pieces', async () => {
  const port = await upgrading((stream) => {
    stream.on('data', (data: Buffer) => {
      const answer = fromServer(1, Buffer.from(unmasked(data).text));
      stream.write(answer.subarray(0, 3));
      setTimeout(() => stream.write(answer.subarray(3)), 20);
    });
  });
  const socket = await open(port);
  expect(await socket.echo('hello', 2)).toBe('hello');
  socket.close();
});

test("says the server's close code, and 1006 where there was none", async () => {
  const code = Buffer.alloc(2);
  code.writeUInt16BE(1012);
  const polite = await open(await upgrading((stream) => stream.end(fromServer(8, code))));
  expect(await polite.closed).toBe(1012);
  server?.close();
  const abrupt = await open(await upgrading((stream) => setTimeout(() => stream.destroy(), 50)));
  expect(await abrupt.closed).toBe(1006);
});

test('a silent server is no echo', async () => {
  const socket = await open(await upgrading(() => {}));
  await expect(socket.echo('hello', 0.1)).rejects.toThrow('no echo within 0.1 s');
  socket.close();
});

test('a close ends the wait for an echo', async () => {
  const socket = await open(await upgrading((stream) => setTimeout(() => stream.destroy(), 50)));
  await expect(socket.echo('hello', 5)).rejects.toThrow('closed with 1006');
});

test('reads long frames, and waits for the rest of a cut one', () => {
  const payload = Buffer.alloc(300, 'x');
  const long = Buffer.concat([Buffer.from([0x81, 126, 1, 44]), payload]);
  expect(frame(long)).toMatchObject({ opcode: 1, bytes: 304, payload });
  expect(frame(long.subarray(0, 303))).toBeUndefined();
  expect(unmasked(masked(1, Buffer.from('abc')))).toEqual({ opcode: 1, text: 'abc' });
});
