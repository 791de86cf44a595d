import { type Agent, request } from 'node:https';
import { isIP } from 'node:net';
import type { Sample } from './statistics';

/** The platform as a client sees it. */
export interface Endpoint {
  /** Address or name to connect to. */
  readonly host: string;
  readonly port: number;
  /** For SNI and the `Host` header. @default host */
  readonly serverName?: string;
  /** Accept a certificate that nobody vouches for. */
  readonly selfSigned: boolean;
}

const TIMEOUT_MS = 10_000;

/** One GET. Fails with no answer, an answer cut short, a wrong certificate, or a status of 500 and above. */
export function get(endpoint: Endpoint, path: string, agent: Agent | false): Promise<Sample> {
  const began = performance.now();
  const name = endpoint.serverName ?? endpoint.host;
  return new Promise((resolve) => {
    const end = (failure?: string) => {
      clearTimeout(timer);
      const milliseconds = performance.now() - began;
      resolve({ path, milliseconds, ...(failure === undefined ? {} : { failure }) });
    };
    const asked = request(
      {
        host: endpoint.host,
        port: endpoint.port,
        path,
        agent,
        headers: {
          host: endpoint.port === 443 ? name : `${name}:${endpoint.port}`,
          'user-agent': 'deploy-probe',
        },
        ...(isIP(name) ? {} : { servername: name }),
        rejectUnauthorized: !endpoint.selfSigned,
      },
      (response) => {
        const { statusCode = 0 } = response;
        response.on('error', (error) => end(error.message));
        response.on('aborted', () => end('the answer was cut short'));
        response.on('end', () => end(statusCode >= 500 ? `HTTP ${statusCode}` : undefined));
        response.resume();
      },
    );
    const timer = setTimeout(() => {
      end(`no answer for ${TIMEOUT_MS / 1000} s`);
      asked.destroy();
    }, TIMEOUT_MS);
    asked.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    asked.end();
  });
}
