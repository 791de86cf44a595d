import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';

/** The platform's public door. */
export interface PublicDoor {
  /** Address or name to connect to. */
  readonly host: string;
  /** For SNI and the `Host` header. */
  readonly serverName: string;
  /** Accept a certificate that nobody vouches for: self-signed, or before Let's Encrypt has issued the first. */
  readonly selfSigned: boolean;
  readonly httpPort: number;
  readonly httpsPort: number;
}

export interface Look {
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
export async function lookFromOutside(door: PublicDoor, pauseMs = 5000): Promise<Look[]> {
  for (let attempt = 1; ; attempt += 1) {
    const looks = await Promise.all([
      look('https://…/health answers 200', door, 'https', '/health', ({ statusCode }) => statusCode === 200),
      look('http://…/health answers 200', door, 'http', '/health', ({ statusCode }) => statusCode === 200),
      look(
        'http://…/ redirects to https',
        door,
        'http',
        '/',
        ({ statusCode, headers }) =>
          [301, 302, 307, 308].includes(statusCode ?? 0) && (headers.location ?? '').startsWith('https://'),
      ),
    ]);
    if (looks.every(({ fault }) => fault === undefined) || attempt === TRIES) return looks;
    await sleep(pauseMs);
  }
}

async function look(
  what: string,
  door: PublicDoor,
  scheme: 'http' | 'https',
  path: string,
  good: (answer: IncomingMessage) => boolean,
): Promise<Look> {
  try {
    const answer = await ask(door, scheme, path);
    const { authorizationError } = answer.socket as Partial<TLSSocket>;
    const untrusted = authorizationError ? { untrusted: String(authorizationError) } : {};
    return good(answer) ? { what, ...untrusted } : { what, fault: `HTTP ${answer.statusCode}`, ...untrusted };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { what, fault: code ?? message };
  }
}

function ask(door: PublicDoor, scheme: 'http' | 'https', path: string): Promise<IncomingMessage> {
  const { host, serverName, selfSigned } = door;
  const [send, port, usual] =
    scheme === 'https' ? [requestHttps, door.httpsPort, 443] : [requestHttp, door.httpPort, 80];
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
