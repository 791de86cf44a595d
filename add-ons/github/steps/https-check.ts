import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';

/** Where clients reach the platform. */
export interface PublicEndpoint {
  /** Address or name to connect to. */
  readonly host: string;
  /** For SNI and the `Host` header. */
  readonly serverName: string;
  /** Accept a certificate that nobody vouches for: self-signed, or before Let's Encrypt has issued the first. */
  readonly selfSigned: boolean;
  readonly httpPort: number;
  readonly httpsPort: number;
}

export interface Check {
  readonly what: string;
  /** Undefined when it is well. */
  readonly fault?: string;
  /** Why a client would not trust the certificate, where that is accepted. */
  readonly untrusted?: string;
}

const ANSWER_MS = 10_000;
/** nginx's last task may have begun a moment ago. */
const TRIES = 6;

/** What nginx promises to everybody outside: https answers with a certificate for the name, http leads there. */
export async function checkFromOutside(endpoint: PublicEndpoint, pauseMs = 5000): Promise<Check[]> {
  for (let attempt = 1; ; attempt += 1) {
    const checks = await Promise.all([
      check(
        'https://…/health answers 200',
        endpoint,
        'https',
        '/health',
        ({ statusCode }) => statusCode === 200,
      ),
      check(
        'http://…/health answers 200',
        endpoint,
        'http',
        '/health',
        ({ statusCode }) => statusCode === 200,
      ),
      check(
        'http://…/ redirects to https',
        endpoint,
        'http',
        '/',
        ({ statusCode, headers }) =>
          [301, 302, 307, 308].includes(statusCode ?? 0) && (headers.location ?? '').startsWith('https://'),
      ),
    ]);
    if (checks.every(({ fault }) => fault === undefined) || attempt === TRIES) return checks;
    await sleep(pauseMs);
  }
}

async function check(
  what: string,
  endpoint: PublicEndpoint,
  scheme: 'http' | 'https',
  path: string,
  good: (answer: IncomingMessage) => boolean,
): Promise<Check> {
  try {
    const answer = await ask(endpoint, scheme, path);
    const { authorizationError } = answer.socket as Partial<TLSSocket>;
    const untrusted = authorizationError ? { untrusted: String(authorizationError) } : {};
    return good(answer) ? { what, ...untrusted } : { what, fault: `HTTP ${answer.statusCode}`, ...untrusted };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { what, fault: code ?? message };
  }
}

function ask(endpoint: PublicEndpoint, scheme: 'http' | 'https', path: string): Promise<IncomingMessage> {
  const { host, serverName, selfSigned } = endpoint;
  const [send, port, usual] =
    scheme === 'https' ? [requestHttps, endpoint.httpsPort, 443] : [requestHttp, endpoint.httpPort, 80];
  return new Promise((resolve, reject) => {
    const asked = send({
      host,
      port,
      path,
      agent: false,
      timeout: ANSWER_MS,
      headers: { host: port === usual ? serverName : `${serverName}:${port}`, 'user-agent': 'deploy-check' },
      ...(scheme === 'https'
        ? { rejectUnauthorized: !selfSigned, ...(isIP(serverName) ? {} : { servername: serverName }) }
        : {}),
    });
    asked.on('response', (answer) => {
      answer.resume();
      resolve(answer);
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer for ${ANSWER_MS / 1000} s`)));
    asked.on('error', reject);
    asked.end();
  });
}
