import { request } from 'node:https';
import type { Attempt } from '../load/judge';
import type { Endpoint } from '../platform/lab';

export const LONG_SECONDS = 25;

/** One GET that the application answers after 25 s. */
export function longRequest({ address: host, port }: Endpoint, path: string, from: string): Promise<Attempt> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host,
        port,
        path: `${path}?sleep=${LONG_SECONDS}`,
        localAddress: from,
        servername: 'localhost',
        rejectUnauthorized: false,
        agent: false,
        headers: { host: 'localhost', 'user-agent': 'bench/long' },
        timeout: (LONG_SECONDS + 20) * 1000,
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          body += chunk;
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body, complete: response.complete }),
        );
      },
    );
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${LONG_SECONDS + 20} s`)));
    sent.on('error', reject);
    sent.end();
  });
}
