import { randomBytes } from 'node:crypto';
import { request } from 'node:https';
import type { Duplex } from 'node:stream';

export interface SocketTarget {
  readonly address: string;
  readonly port: number;
  readonly path: string;
  readonly from: string;
}

/** A WebSocket as a client sees it; just enough of RFC 6455 for short texts. */
export interface OpenSocket {
  /** Sends a text and waits for the next one. Rejects when none comes in `seconds` or the connection ends. */
  echo(text: string, seconds: number): Promise<string>;
  /** The server's close code; 1006, as browsers say, when the connection ended without one. */
  readonly closed: Promise<number>;
  close(): void;
}

/** @throws Error when the server does not upgrade within 10 s */
export function openSocket({ address, port, path, from }: SocketTarget): Promise<OpenSocket> {
  return new Promise((resolve, reject) => {
    const asked = request({
      host: address,
      port,
      path,
      localAddress: from,
      servername: 'localhost',
      agent: false,
      rejectUnauthorized: false,
      timeout: 10_000,
      headers: {
        host: 'localhost',
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
      },
    });
    asked.on('error', reject);
    asked.on('timeout', () => asked.destroy(new Error('no upgrade within 10 s')));
    asked.on('response', (response) =>
      reject(new Error(`status ${response.statusCode} instead of an upgrade`)),
    );
    asked.on('upgrade', (_, stream, head) => {
      asked.setTimeout(0);
      resolve(converse(stream, head));
    });
    asked.end();
  });
}

function converse(stream: Duplex, head: Buffer): OpenSocket {
  const waiting: { resolve(text: string): void; reject(error: Error): void }[] = [];
  let code = 1006;
  let buffer = Buffer.from(head);
  const closed = new Promise<number>((resolve) => {
    stream.on('error', () => {});
    stream.on('close', () => {
      resolve(code);
      for (const { reject } of waiting.splice(0)) reject(new Error(`closed with ${code}`));
    });
    stream.on('end', () => stream.destroy());
  });
  const take = (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (let found = frame(buffer); found; found = frame(buffer)) {
      buffer = buffer.subarray(found.bytes);
      if (found.opcode === 1) waiting.shift()?.resolve(found.payload.toString('utf8'));
      if (found.opcode === 9) stream.write(masked(10, found.payload));
      if (found.opcode === 8) {
        code = found.payload.length >= 2 ? found.payload.readUInt16BE(0) : 1005;
        stream.write(masked(8, found.payload));
      }
    }
  };
  stream.on('data', take);
  take(Buffer.alloc(0));
  return {
    closed,
    close: () => stream.destroy(),
    echo: (text, seconds) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no echo within ${seconds} s`)), seconds * 1000);
        const end = () => clearTimeout(timer);
        waiting.push({
          resolve: (answer) => {
            end();
            resolve(answer);
          },
          reject: (error) => {
            end();
            reject(error);
          },
        });
        if (stream.destroyed) waiting.pop()?.reject(new Error(`closed with ${code}`));
        else stream.write(masked(1, Buffer.from(text)));
      }),
  };
}

/** The first whole frame of what a server sent, which is never masked. */
export function frame(
  data: Buffer,
): { readonly opcode: number; readonly payload: Buffer; readonly bytes: number } | undefined {
  if (data.length < 2) return undefined;
  const short = data[1]! & 0x7f;
  const start = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (data.length < start) return undefined;
  const length =
    short === 126 ? data.readUInt16BE(2) : short === 127 ? Number(data.readBigUInt64BE(2)) : short;
  if (data.length < start + length) return undefined;
  return { opcode: data[0]! & 0x0f, payload: data.subarray(start, start + length), bytes: start + length };
}

/** A final frame from a client, which must mask it. Up to 125 bytes. */
export function masked(opcode: number, payload: Buffer): Buffer {
  const mask = randomBytes(4);
  const body = payload.subarray(0, 125).map((byte, index) => byte ^ mask[index % 4]!);
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | body.length]), mask, body]);
}
