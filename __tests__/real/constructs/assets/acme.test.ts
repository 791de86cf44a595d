import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AcmePlace, ISSUED, withCa } from '../../../support/acme/acme-place';
import { startMoodyAcmeDoor } from '../../../support/acme/moody-acme-door';
import { startRefusingAcmeServer } from '../../../support/acme/refusing-acme-server';
import { freePorts } from '../../../support/programs/loopback';
import { type PosixShell, posixShells } from '../../../support/programs/posix-shells';

/** A shell for which everything but /tmp, where the scripts have all their folders, is read-only. */
const READ_ONLY = (() => {
  const mounts =
    'mount --make-rprivate / && mount --bind /tmp /tmp && mount -o remount,ro,bind / && exec sh "$@"';
  const shell = { name: 'sh', argv: ['unshare', '--mount', 'sh', '-c', mounts, 'sh'] as const };
  const { status } = spawnSync('unshare', [...shell.argv.slice(1), '-c', 'exit 0']);
  if (status !== 0) console.warn('SKIPPED: no mount namespaces here, a read-only root is NOT tested');
  return { shell: shell as unknown as PosixShell, works: status === 0 };
})();

withCa('acme.sh', () => {
  const place = new AcmePlace();
  beforeAll(() => place.prepare());
  afterAll(() => place.remove());
  afterEach(() => place.clear());

  describe.each(posixShells().found)('in $name', (shell) => {
    test('gets a certificate from nothing: ECDSA P-256, for the names, and only root reads the key', async () => {
      const script = await place.newScript({}, true, shell);
      script.start();
      await script.says(ISSUED);
      const leaf = new X509Certificate(script.read('live/localhost/fullchain.pem'));
      expect(leaf.publicKey.asymmetricKeyDetails).toMatchObject({ namedCurve: 'prime256v1' });
      expect(leaf.subjectAltName).toBe('DNS:localhost');
      expect(script.read('live/localhost/fullchain.pem').match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
      expect(await script.stop()).toBe(143);
      expect(script.has('waiting/localhost')).toBe(false);
      expect(script.output()).not.toContain('PRIVATE');
    });
  });

  // Where nobody may make a mount namespace, certbot's image is not imitated.
  (READ_ONLY.works ? test : test.skip)(
    'writes to its volumes, its logs and /tmp, and nowhere else',
    async () => {
      const script = await place.newScript({}, true, READ_ONLY.shell);
      const written = spawnSync(READ_ONLY.shell.argv[0], [
        ...READ_ONLY.shell.argv.slice(1),
        '-c',
        'echo x >/var/written',
      ]);
      expect(written.stderr.toString()).toContain('Read-only file system');
      script.start();
      await script.says(ISSUED);
      expect(await script.stop()).toBe(143);
    },
  );

  test('renews what is due and nothing else', async () => {
    // Due after thirty seconds; looked at after each one.
    const { directory, caFile } = await place.newPebble({ validitySeconds: 60 });
    const script = await place.newScript({ DIRECTORY: directory, CA_FILE: caFile, CHECK: 1 });
    script.start();
    await script.says(ISSUED, 2, 100);
    expect(script.output()).toMatch(/new certificate.*\n(.*kept.*\n)+.*new certificate/);
    expect(readdirSync(join(script.config, 'archive/localhost'))).toContain('privkey2.pem');
  });

  test('is healthy before it has a certificate, and not when its loop is gone', async () => {
    const script = await place.newScript({}, false);
    const healthy = () => script.run(['--healthy', `HEARTBEAT=${join(script.folder, 'heartbeat')}`]);
    expect(healthy()).toMatchObject({ status: 1, stderr: 'acme: no sign of life for two minutes\n' });
    script.start();
    await script.says(/not asking the CA/);
    expect(healthy().status).toBe(0);
  });

  test('does not ask the CA while the name does not lead here, and asks as soon as it does', async () => {
    const script = await place.newScript({ NAMES: 'localhost' }, false);
    const before = place.pebble.orders;
    script.start();
    await script.says(
      /not asking the CA, which could not reach us either: http:\/\/localhost:\d+\S+ fails: .*refused/,
    );
    expect(place.pebble.orders).toBe(before);
    expect(script.has('accounts')).toBe(false);
    await place.serve(script.webroot);
    await script.says(ISSUED);
    expect(place.pebble.orders).toBe(before + 1);
  });

  test('does not ask the CA when somebody else answers under the name', async () => {
    const script = await place.newScript({}, false);
    await place.serve(join(script.folder, 'elsewhere'));
    script.start();
    await script.says(/could not reach us either: .* fails: Not Found/);
    expect(script.has('accounts')).toBe(false);
  });

  test('a validation that fails is not tried again too soon, not even by a new task', async () => {
    const script = await place.newScript({ SELF_CHECK: 'no', RETRY: 600 }, false);
    const before = place.pebble.orders;
    script.start();
    await script.says(/no certificate from/);
    expect(script.output()).toMatch(/certbot: .*(Connection refused|unauthorized|connection)/i);
    expect(place.pebble.orders).toBe(before + 1);
    await script.says(/not asking .* before/);
    await script.kill();
    script.start();
    await script.says(/not asking .* before \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, after a failure/, 2);
    expect(place.pebble.orders).toBe(before + 1);
  });

  test('each further failure doubles the wait, up to the longest', async () => {
    const script = await place.newScript({ SELF_CHECK: 'no', RETRY: 1, LONGEST: 2 }, false);
    script.start();
    await script.says(/no certificate from/, 3);
    expect(script.read('waiting/localhost')).toMatch(/^\d+ 4 https/);
  });

  test('another question is asked at once: the wait is for what failed', async () => {
    const script = await place.newScript({ SELF_CHECK: 'no', RETRY: 300 }, false);
    script.start();
    await script.says(/no certificate from/);
    await script.kill();
    await place.serve(script.webroot);
    script.start({ EMAIL: 'other@example.com' });
    await script.says(ISSUED);
  });

  test('a CA that is down is asked again later; what is there stays', async () => {
    const script = await place.newScript({ RETRY: 60 });
    script.start();
    await script.says(ISSUED);
    const first = script.read('live/localhost/fullchain.pem');
    await place.pebble.stop();
    try {
      await script.says(/no certificate from/);
      expect(script.output()).toMatch(/certbot: .*(refused|failed)/i);
      expect(script.read('live/localhost/fullchain.pem')).toBe(first);
    } finally {
      await place.pebble.start();
    }
  });

  test('a CA that calls nonces bad is asked until it gives', async () => {
    // Three bad ones fail certbot's first run, which asks once more itself; after them each request is refused once.
    const moody = await startMoodyAcmeDoor(place.pebble, 3);
    place.atEnd(moody.stop);
    const script = await place.newScript({ DIRECTORY: moody.directory, RETRY: 1, LONGEST: 1 });
    script.start();
    await script.says(ISSUED, 1, 100);
    expect(script.output().match(/no certificate from/g)).toHaveLength(1);
    expect(readFileSync(join(script.folder, 'logs/letsencrypt.log'), 'utf8')).toContain('badNonce');
    expect(moody.refusals()).toBeGreaterThan(4);
  });

  test('a CA that names a time is not asked before it', async () => {
    const [refusing] = (await freePorts(1)) as [number];
    const until = new Date(Date.now() + 7200_000).toISOString().slice(0, 19).replace('T', ' ');
    const detail = `too many certificates (5) already issued for this exact set of identifiers in the last 168h0m0s, retry after ${until} UTC: see https://letsencrypt.org/docs/rate-limits/`;
    const server = await startRefusingAcmeServer(refusing, place.pebble.keyFile, place.pebble.caFile, detail);
    place.atEnd(server.stop);
    const script = await place.newScript({ DIRECTORY: server.directory });
    script.start();
    await script.says(new RegExp(`not asking \\S+ before ${until} UTC`));
    expect(script.output()).toContain('too many certificates (5)');
    expect(server.orders()).toBe(1);
  });

  test('a changed list of names is a new certificate under the same lineage', async () => {
    const script = await place.newScript({ SELF_CHECK: 'no' });
    script.start();
    await script.says(ISSUED);
    await script.stop();
    script.start({ NAMES: 'localhost,www.localhost' });
    await script.says(ISSUED, 2);
    const { subjectAltName } = new X509Certificate(script.read('live/localhost/fullchain.pem'));
    expect(subjectAltName?.split(', ').sort()).toEqual(['DNS:localhost', 'DNS:www.localhost']);
  });

  test('stopped in the middle it ends at once, and the next one may ask at once', async () => {
    const slow = await place.newPebble({
      environment: { PEBBLE_VA_NOSLEEP: '0', PEBBLE_VA_SLEEPTIME: '60' },
    });
    const script = await place.newScript({ DIRECTORY: slow.directory, CA_FILE: slow.caFile, RETRY: 600 });
    script.start();
    while (slow.orders === 0) await new Promise((done) => setTimeout(done, 50));
    const start = Date.now();
    expect(await script.stop()).toBe(143);
    expect(Date.now() - start).toBeLessThan(30_000);
    expect(script.has('waiting/localhost')).toBe(false);
    expect(readdirSync(join(script.webroot, '.well-known/acme-challenge'))).toEqual([]);
  });
});
