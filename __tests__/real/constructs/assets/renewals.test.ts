import { AcmePlace, ISSUED, withCa } from '../../../support/acme/acme-place';
import { acmePrograms } from '../../../support/acme/acme-server';
import { findNginx } from '../../../support/nginx/nginx';
import { type Tally, TlsClients } from '../../../support/nginx/tls-clients';
import { WatchedNginx } from '../../../support/nginx/watched-nginx';
import { makePair } from '../../../support/programs/certificates';
import { freePorts, startDns, startService } from '../../../support/programs/loopback';
import { posixShells } from '../../../support/programs/posix-shells';

/** `npm run bench:acme` asks for 20,000, and five renewals. */
const CONNECTIONS = Number(process.env.RENEWAL_CONNECTIONS || 2000);
const RENEWALS = process.env.RENEWAL_CONNECTIONS ? 5 : 2;

jest.setTimeout(600_000);

const nginx = findNginx();
if (process.env.RENEWAL_CONNECTIONS && (!nginx || acmePrograms().missing.length > 0)) {
  throw new Error(
    `nothing was measured: missing here: ${[...(nginx ? [] : ['nginx 1.27.4']), ...acmePrograms().missing].join(', ')}\n  apt-get install pebble; export NGINX_BIN=$(.ci/nginx FOLDER) CERTBOT_BIN=$(.ci/pypi certbot 5.8.0 FOLDER)`,
  );
}
(nginx ? withCa : describe.skip)('nginx, tls-watch.sh and acme.sh together, from nothing:', () => {
  const place = new AcmePlace();
  let watched: WatchedNginx;
  let first: string;
  let tally: Tally;

  beforeAll(async () => {
    await place.prepare();
    // Due after twenty seconds, and not at its end before certbot is done on a busy machine.
    const pebble = await place.newPebble({ validitySeconds: 40 });
    const script = await place.newScript(
      { DIRECTORY: pebble.directory, CA_FILE: pebble.caFile, CHECK: 1 },
      false,
    );
    const [dns, port] = (await freePorts(2)) as [number, number];
    place.atEnd(await startDns(dns, new Set(['tasks.web'])));
    place.atEnd(await startService('web', port));
    watched = new WatchedNginx({
      nginx: nginx!,
      fallback: makePair({ names: 'DNS:localhost', subject: '/CN=fallback' }),
      live: script.live,
      webroot: script.webroot,
      httpPort: place.port,
      shell: posixShells().found[0]!,
    });
    await watched.start({ dns, port });
    first = await watched.subject();
    script.start();
    await script.says(ISSUED);
    await watched.says(/nginx reloads/);
    // A reload takes a moment: until then old workers show the fallback, which these clients rightly refuse.
    await new Promise((done) => setTimeout(done, 2000));
    expect(await watched.subject()).not.toBe('fallback');

    // Two leave certbot its half of a slow machine; the bench wants numbers.
    const workers = process.env.RENEWAL_CONNECTIONS ? 8 : 2;
    const clients = new TlsClients(watched.port, await pebble.root(), workers);
    const end = Date.now() + 400_000;
    while ((clients.certificates <= RENEWALS || clients.made < CONNECTIONS) && Date.now() < end) {
      await new Promise((done) => setTimeout(done, 200));
    }
    tally = await clients.stop();
    console.info(
      `${tally.serials.length - 1} renewals, ${tally.connections} new TLS connections, failed: ${JSON.stringify(tally.failures)}`,
    );
  });
  afterAll(async () => {
    await watched?.remove();
    await place.clear();
    await place.remove();
  });

  test('the fallback serves before the first certificate is there', () => expect(first).toBe('fallback'));

  test(`${RENEWALS} renewals while ${CONNECTIONS} new connections are made lose none of them`, () => {
    expect(tally.failures).toEqual({});
    expect(tally.connections).toBeGreaterThanOrEqual(CONNECTIONS);
    expect(tally.serials.length).toBeGreaterThan(RENEWALS);
  });
});
