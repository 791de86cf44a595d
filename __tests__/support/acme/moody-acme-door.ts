import { readFileSync } from 'node:fs';
import { createServer, request as requestHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Pebble } from './acme-server';

/**
 * A door before `pebble` that spoils nonces: the first `firstBad` ones, then each third. Where pebble draws lots, this counts:
 * certbot forgets the nonce that comes with a refusal and asks for one, so that after a bad one the second is its next.
 */
export async function startMoodyAcmeDoor(pebble: Pebble, firstBad: number) {
  const ca = readFileSync(pebble.caFile);
  let nonces = 0;
  let refusals = 0;
  const server = createServer({ key: readFileSync(pebble.keyFile), cert: ca }, (asked, response) => {
    const { method, url, headers } = asked;
    // The host is passed on as it came: pebble's own addresses then lead through this door, too.
    const forwarded = requestHttps(
      new URL(url ?? '/', pebble.directory),
      { method, headers, ca, agent: false, setHost: false },
      (answer) => {
        const given = answer.headers['replay-nonce'];
        if (typeof given === 'string') {
          nonces += 1;
          const bad = nonces <= firstBad || nonces % 3 === 0;
          if (bad) answer.headers['replay-nonce'] = [...given].reverse().join('');
        }
        if (answer.statusCode === 400) refusals += 1;
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    forwarded.on('error', () => response.destroy());
    asked.pipe(forwarded);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    directory: `https://127.0.0.1:${(server.address() as AddressInfo).port}/dir`,
    refusals: () => refusals,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
