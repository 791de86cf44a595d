import { randomBytes } from 'node:crypto';
import { request as plain } from 'node:http';
import { request } from 'node:https';
import { type Answer, type AskOptions, ask } from '../../../lab/deploy/requests';
import { PORTS } from '../../../lab/deploy/target';
import { runningLab } from './lab';

/** What the stand-in applications answer. */
export interface Told {
  readonly service: string;
  readonly version: string;
  readonly hostname: string;
  readonly client: string;
  readonly database: string;
  readonly broker: string;
  readonly [more: string]: unknown;
}

/** A request over TLS whose answer is JSON. */
export async function tell(
  path: string,
  options: AskOptions = {},
): Promise<Told & { readonly status: number }> {
  const answer = await ask(runningLab(), path, options);
  return { ...(JSON.parse(answer.body || '{}') as Told), status: answer.status };
}

export const post = (path: string, content: object, options: AskOptions = {}) =>
  tell(path, {
    ...options,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(content),
  });

/** The same without TLS. */
export function askPlainly(path: string, host = 'localhost'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    plain(
      { host: runningLab().address, port: PORTS.http, path, agent: false, headers: { host } },
      (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      },
    )
      .on('error', reject)
      .end();
  });
}

/** Opens a WebSocket, sends one short text and returns the first text that comes back. */
export function echo(path: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({
      host: runningLab().address,
      port: PORTS.https,
      path,
      agent: false,
      timeout: 15_000,
      servername: 'localhost',
      rejectUnauthorized: false,
      headers: {
        host: 'localhost',
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
      },
    });
    sent.on('response', (response) => reject(new Error(`not upgraded: ${response.statusCode}`)));
    sent.on('timeout', () => sent.destroy(new Error('no answer within 15 s')));
    sent.on('error', reject);
    sent.on('upgrade', (_response, socket, head) => {
      let received = head;
      const read = () => {
        // One unmasked frame of less than 126 bytes: kind, length, text.
        const length = received[1];
        if (length === undefined || received.length < 2 + length) return;
        socket.destroy();
        resolve(received.subarray(2, 2 + length).toString());
      };
      socket.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        read();
      });
      socket.on('error', reject);
      const payload = Buffer.from(text);
      const mask = randomBytes(4);
      const masked = payload.map((byte, index) => byte ^ mask[index % 4]!);
      socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | payload.length]), mask, masked]));
      read();
    });
    sent.end();
  });
}
