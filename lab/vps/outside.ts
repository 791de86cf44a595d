import { request } from 'node:https';
import { createConnection } from 'node:net';
import { machinePorts } from './ports';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One HTTPS request to the machine's public port, ended after 30 s: an emulated one is slow. */
export function ask(path: string, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: machinePorts().https,
        path,
        method: body === undefined ? 'GET' : 'POST',
        headers: { host: 'localhost', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        // The pair is thrown away with the machine.
        servername: 'localhost',
        rejectUnauthorized: false,
        agent: false,
        timeout: 30_000,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
        response.on('error', reject);
      },
    );
    sent.on('timeout', () => sent.destroy(new Error('no answer within 30 s')));
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Begins of TLS and of HTTP: something that speaks either says something to one of them. */
const GREETINGS = [
  Buffer.from('16030100310100002d0303'.padEnd(108, '0'), 'hex'),
  Buffer.from('GET / HTTP/1.0\r\nHost: localhost\r\n\r\n'),
];
const SILENCE_MS = 6000;

/**
 * Whether anything behind a port says anything. That the connection is made proves nothing: QEMU accepts it before it
 * knows whether the machine does.
 *
 * @param silenceMs after which it counts as silent. @default 6000
 */
export async function speaks(port: number, silenceMs = SILENCE_MS): Promise<boolean> {
  for (const greeting of GREETINGS) {
    if (await saysSomething(port, greeting, silenceMs)) return true;
  }
  return false;
}

const saysSomething = (port: number, greeting: Buffer, silenceMs: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(silenceMs, () => end(false));
    socket.on('connect', () => socket.write(greeting));
    socket.on('data', () => end(true));
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
  });
