import { request as plain } from 'node:http';
import { request } from 'node:https';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { servedCertificate } from '../certificates/served';
import type { Entrance } from './options';
import { type Seen, VERSIONS, type Version } from './rows/facts';

const PATIENCE_MS = 5_000;

/** Looks at the platform as a client does. It sends `GET /` once with and once without TLS. */
export async function gatherSeen(entrance: Entrance): Promise<Seen | { readonly error: string }> {
  const { host, https: port, serverName } = entrance;
  try {
    const certificate = await servedCertificate({ host, port, ...(serverName ? { serverName } : {}) });
    const tls = {} as Record<Version, boolean | undefined>;
    for (const version of VERSIONS) tls[version] = await speaks(entrance, version);
    return { certificate, tls, headers: await headersOf(entrance), redirect: await redirectOf(entrance) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

const nameOf = ({ serverName, host }: Entrance): string | undefined =>
  serverName ?? (isIP(host) ? undefined : host);

/** @returns undefined where this machine cannot speak that version itself */
function speaks(entrance: Entrance, version: Version): Promise<boolean | undefined> {
  const servername = nameOf(entrance);
  return new Promise((resolve) => {
    const socket = connect({
      host: entrance.host,
      port: entrance.https,
      rejectUnauthorized: false,
      minVersion: version,
      maxVersion: version,
      // Debian's OpenSSL offers the older versions on its lowest level alone.
      ...(version < 'TLSv1.2' ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
      ...(servername && !isIP(servername) ? { servername } : {}),
    });
    const done = (answer: boolean | undefined) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(PATIENCE_MS, () => done(undefined));
    socket.once('secureConnect', () => done(true));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      done(/NO_PROTOCOLS_AVAILABLE|NO_CIPHERS|UNSUPPORTED/.test(error.code ?? '') ? undefined : false),
    );
  });
}

const hostHeader = (entrance: Entrance) => ({ host: nameOf(entrance) ?? entrance.host });

function headersOf(entrance: Entrance): Promise<Seen['headers']> {
  const servername = nameOf(entrance);
  return answer((done, fail) =>
    request(
      {
        host: entrance.host,
        port: entrance.https,
        path: '/',
        headers: hostHeader(entrance),
        // Looked at, not relied on: nothing is sent.
        rejectUnauthorized: false,
        agent: false,
        timeout: PATIENCE_MS,
        ...(servername && !isIP(servername) ? { servername } : {}),
      },
      (response) => {
        response.resume();
        done(
          Object.fromEntries(Object.entries(response.headers).map(([key, value]) => [key, String(value)])),
        );
      },
    )
      .on('error', fail)
      .end(),
  );
}

function redirectOf(entrance: Entrance): Promise<string | undefined> {
  const { host, http: port } = entrance;
  const options = {
    host,
    port,
    path: '/',
    headers: hostHeader(entrance),
    agent: false,
    timeout: PATIENCE_MS,
  };
  return answer<string | undefined>((done, fail) =>
    plain(options, (response) => {
      response.resume();
      const { statusCode = 0, headers } = response;
      done(statusCode >= 300 && statusCode < 400 ? (headers.location ?? '') : '');
    })
      .on('error', fail)
      .end(),
  ).catch(() => undefined);
}

function answer<T>(
  ask: (
    done: (value: T) => void,
    fail: (error: Error) => void,
  ) => { on(event: 'timeout', run: () => void): void },
): Promise<T> {
  return new Promise((resolve, reject) => {
    ask(resolve, reject).on('timeout', () => reject(new Error('no answer for 5 s')));
  });
}
