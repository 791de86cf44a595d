import { X509Certificate } from 'node:crypto';
import { cpSync, readdirSync, symlinkSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AcmePlace, ISSUED, withCa } from '../../../support/acme/acme-place';
import type { AcmeScript } from '../../../support/acme/acme-script';

withCa('what acme.sh keeps on its volume', () => {
  const place = new AcmePlace();
  beforeAll(() => place.prepare());
  afterAll(() => place.remove());
  afterEach(() => place.clear());

  test.each([600, 1200, 1800])(
    'one that is killed %i ms after its start leaves nothing that the next one stumbles over',
    async (milliseconds) => {
      const slow = await place.newPebble({
        environment: { PEBBLE_VA_NOSLEEP: '0', PEBBLE_VA_SLEEPTIME: '1' },
      });
      const script = await place.newScript({ DIRECTORY: slow.directory, CA_FILE: slow.caFile });
      script.start();
      await new Promise((done) => setTimeout(done, milliseconds));
      await script.kill();
      script.start();
      await script.says(/: (new certificate|kept),/);
      expect(readdirSync(join(script.config, 'live')).filter((name) => name !== 'README')).toEqual([
        'localhost',
      ]);
      expect(readdirSync(join(script.webroot, '.well-known/acme-challenge'))).toEqual([]);
    },
  );

  describe('a lineage that is', () => {
    const broken: [string, (script: AcmeScript) => void][] = [
      [
        'with empty renewal settings',
        (script) => writeFileSync(join(script.config, 'renewal/localhost.conf'), ''),
      ],
      [
        'with a torn certificate',
        (script) => writeFileSync(join(script.config, 'archive/localhost/cert1.pem'), 'torn'),
      ],
      [
        'copied without its links',
        (script) => {
          for (const name of ['cert', 'chain', 'fullchain', 'privkey']) {
            const link = join(script.live, `${name}.pem`);
            unlinkSync(link);
            cpSync(join(script.config, `archive/localhost/${name}1.pem`), link);
          }
        },
      ],
    ];
    test.each(broken)('%s is put aside, and there is a new one under the same name', async (_, breakIt) => {
      const script = await place.newScript();
      script.start();
      await script.says(ISSUED);
      await script.stop();
      breakIt(script);
      script.start();
      await script.says(/cannot be used; it is in .*broken/);
      await script.says(ISSUED, 2);
      expect(readdirSync(join(script.config, 'live')).filter((name) => name !== 'README')).toEqual([
        'localhost',
      ]);
    });

    test('half exchanged is mended: key and certificate fit again', async () => {
      const script = await place.newScript();
      script.start();
      await script.says(ISSUED, 2);
      await script.stop();
      // As update_all_links_to leaves it when it dies: the old links kept beside, one of the new ones there.
      const latest = Math.max(
        ...readdirSync(join(script.config, 'archive/localhost')).map((name) => Number(/\d+/.exec(name)?.[0])),
      );
      for (const name of ['cert', 'chain', 'fullchain', 'privkey']) {
        const link = join(script.live, `${name}.pem`);
        const older = `../../archive/localhost/${name}${latest - 1}.pem`;
        symlinkSync(older, join(script.live, `previous_${name}.pem`));
        if (name !== 'cert') {
          unlinkSync(link);
          symlinkSync(older, link);
        }
      }
      const looks = script.output().match(/: (kept|new certificate),/g)?.length ?? 0;
      script.start();
      await script.says(/: (kept|new certificate),/, looks + 1);
      const leaf = new X509Certificate(script.read('live/localhost/fullchain.pem'));
      expect(leaf.toString()).toBe(new X509Certificate(script.read('live/localhost/cert.pem')).toString());
    });
  });

  test('a volume that comes back from a backup is used, and its certificate renewed when it is due', async () => {
    const script = await place.newScript({ CHECK: 1 });
    script.start();
    await script.says(ISSUED);
    await script.stop();
    const restore = script.backup();
    const old = script.read('live/localhost/fullchain.pem');
    script.start();
    await script.says(ISSUED, 3);
    await script.stop();
    restore();
    expect(script.read('live/localhost/fullchain.pem')).toBe(old);
    script.start();
    await script.says(ISSUED, 4);
    expect(script.read('live/localhost/fullchain.pem')).not.toBe(old);
    expect(
      readdirSync(join(script.config, 'accounts'), { recursive: true }).filter((n) =>
        String(n).endsWith('regr.json'),
      ),
    ).toHaveLength(1);
  });

  test('another directory starts anew: the certificate of staging is never taken for production’s', async () => {
    const production = await place.newPebble({ validitySeconds: 3600 });
    const script = await place.newScript({ LINEAGE: 'localhost-staging' });
    script.start();
    await script.says(ISSUED);
    await script.stop();
    script.start({ DIRECTORY: production.directory, CA_FILE: production.caFile, LINEAGE: 'localhost' });
    await script.says(ISSUED, 2);
    const issuer = (lineage: string) => new X509Certificate(script.read(`live/${lineage}/chain.pem`)).subject;
    expect(issuer('localhost')).not.toBe(issuer('localhost-staging'));
    expect(readdirSync(join(script.config, 'accounts'))).toHaveLength(2);
  });

  test('a CA that forgot the account gets a new one, and the old one is kept aside', async () => {
    const script = await place.newScript();
    script.start();
    await script.says(ISSUED);
    await script.stop();
    await place.pebble.stop();
    await place.pebble.start();
    script.start();
    await script.says(/the CA does not know our account/);
    await script.says(ISSUED, 2);
    expect(readdirSync(join(script.config, 'broken'))).toEqual([expect.stringMatching(/^account-\d+$/)]);
  });

  test.each([
    ['regr.json', 0],
    ['meta.json', 5],
    ['private_key.json', 20],
  ])(
    'an account whose %s was torn after %i bytes is put aside, and there is a new one',
    async (file, size) => {
      const script = await place.newScript();
      script.start();
      await script.says(ISSUED);
      await script.stop();
      const accounts = join(script.config, 'accounts');
      const all = () => readdirSync(accounts, { recursive: true, encoding: 'utf8' });
      const torn = all().filter((name) => basename(name) === file);
      expect(torn).toHaveLength(1);
      truncateSync(join(accounts, torn[0]!), size);
      script.start();
      await script.says(
        new RegExp(`our account cannot be read \\(${file}: .*it is in .*broken/account-\\d+ now`),
      );
      await script.says(ISSUED, 2);
      expect(readdirSync(join(script.config, 'broken'))).toHaveLength(1);
      expect(all().filter((name) => basename(name) === file)).toHaveLength(1);
      expect(all()).not.toContain(torn[0]);
    },
  );
});
