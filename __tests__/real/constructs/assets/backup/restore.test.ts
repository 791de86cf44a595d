import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SCRATCH_SOCKET, SERVING, STARTED } from '../../../../../contract/backup';
import { BackupPlace } from '../../../../support/backup/backup-place';
import { describeBackup } from '../../../../support/backup/backup-programs';
import { fill, makeShop, SHOP, Writer } from '../../../../support/backup/shop';
import { freePorts } from '../../../../support/programs/loopback';
import { TestMariadb } from '../../../operations/provision/mariadb';

const INTO_PLATFORM = ['restore', '--into', 'platform'];

describeBackup('backup.sh restore and drill, with restic and MariaDB:', () => {
  const mariadb = new TestMariadb();
  let place: BackupPlace;
  /** All rows and definitions of a database, in one text. */
  const content = (database: string): string => {
    const socket = `--socket=${mariadb.folder}/socket`;
    const options = [
      '--no-defaults',
      socket,
      '-uroot',
      '--skip-dump-date',
      '--hex-blob',
      '--skip-extended-insert',
    ];
    const { stdout, stderr, status } = spawnSync(
      'mariadb-dump',
      [...options, '--routines', '--events', '--triggers', database],
      { maxBuffer: 1024 ** 3 },
    );
    if (status !== 0) throw new Error(stderr.toString());
    return stdout.toString().replace(/^-- (Host|Dumping (events|routines)).*$/gm, '');
  };
  const both = (): string => SHOP.map(content).join();
  let whole: string;

  beforeAll(async () => {
    mariadb.initialise();
    await mariadb.start();
    await makeShop(mariadb);
    await fill(mariadb, 4);
    place = new BackupPlace(mariadb, SHOP);
    await place.makeAccounts();
    whole = both();
    const { report, said } = await place.run(['now']);
    if (!report.ok) throw new Error(said);
  });

  afterAll(async () => {
    place.remove();
    await mariadb.remove();
  });

  const spoil = (): Promise<string> =>
    mariadb.sql(`DELETE FROM shop_orders.log; DROP VIEW IF EXISTS shop_orders.total; DROP PROCEDURE IF EXISTS shop_orders.nothing;
      DELETE FROM shop_stock.bulk WHERE id > 10; DROP TRIGGER IF EXISTS shop_orders.logged; DROP TABLE IF EXISTS shop_orders.empty;
      CREATE TABLE IF NOT EXISTS shop_orders.newer (id INT); CREATE OR REPLACE VIEW shop_orders.wrong AS SELECT 1`);

  const databases = async (): Promise<string[]> => (await mariadb.sql('SHOW DATABASES')).split('\n');

  test('into scratch: beside the one in use, which stays as it is', async () => {
    const { report } = await place.run(['restore', '--database', 'shop_stock']);
    expect(report).toMatchObject({
      ok: true,
      into: 'scratch',
      databases: { shop_stock: { tables: 3, rows: 1 + 4 * 900 } },
    });
    expect(both()).toBe(whole);
    expect(content('restore_shop_stock')).toBe(content('shop_stock'));
    expect(await databases()).not.toContain('restore_shop_orders');
  });

  test('into the platform: all is as it was, rows, views, triggers, routines, events and foreign keys', async () => {
    await spoil();
    const { report, said } = await place.run(INTO_PLATFORM);
    expect(said).toContain('is in place');
    expect(report).toMatchObject({ ok: true, into: 'platform' });
    expect(both()).toBe(whole);
    expect(await mariadb.sql('SELECT @@read_only')).toBe('0');
    // What was there is kept.
    expect(await mariadb.sql('SELECT COUNT(*) FROM replaced_shop_stock.bulk')).toBe('10');
    await expect(mariadb.sql('INSERT INTO shop_orders.entries (order_id) VALUES (999)')).rejects.toThrow(
      'foreign key',
    );
  });

  test('--discard drops what restores have left', async () => {
    expect((await place.run(['restore', '--discard'])).report.ok).toBe(true);
    expect((await databases()).filter((name) => /^(restore|replaced|proctor)_/.test(name))).toEqual([]);
  });

  test('a database that is gone comes back', async () => {
    await mariadb.sql('DROP DATABASE shop_orders; DROP DATABASE shop_stock');
    expect((await place.run(INTO_PLATFORM)).report.ok).toBe(true);
    expect(both()).toBe(whole);
  });

  // Killed where it hurts most; what was in use is whole after it, and the next run ends with a whole one.
  test.each([
    ['before anything was read in', 'restic|before|tables.sql', 'spoilt'],
    ['when one database was read in', 'mariadb|before|CREATE DATABASE .restore_shop_stock', 'spoilt'],
    ['while it is checked', 'mariadb|before|CHECKSUM TABLE', 'spoilt'],
    ['when all is read in', 'mariadb|before|TABLE IF EXISTS proctor_restore.renamed', 'spoilt'],
    ['right before they change places', 'mariadb|before|RENAME TABLE', 'spoilt'],
    ['right after they changed places', 'mariadb|after|RENAME TABLE', 'in place'],
    ['between views and triggers', 'mariadb|before|ALTER DATABASE `shop_stock`', 'in place'],
    ['before it is written down', "mariadb|before|SET phase = 'done'", 'in place'],
  ])('killed %s', async (_, shim, state) => {
    await spoil();
    await place.killedAt(INTO_PLATFORM, shim);
    const rows = await mariadb.sql('SELECT COUNT(*) FROM shop_stock.bulk');
    expect(rows).toBe(state === 'in place' ? '3600' : '10');
    expect(await mariadb.sql('SELECT COUNT(*) FROM shop_orders.orders')).toBe('4');
    const { report, said } = await place.run(INTO_PLATFORM);
    expect(said).toMatch(/(undoing|finishing) an interrupted restore|reading in/);
    expect(report).toMatchObject({ ok: true });
    expect(both()).toBe(whole);
    expect(await mariadb.sql('SELECT @@read_only')).toBe('0');
    expect((await databases()).filter((name) => name.startsWith('restore_'))).toEqual([]);
  });

  test('MariaDB itself killed while a restore reads in, and as the tables change places', async () => {
    for (const shim of [
      'restic|before|shop_stock/tables.sql',
      'mariadb|before|RENAME TABLE',
      'mariadb|after|RENAME TABLE',
    ]) {
      await spoil();
      const running = place.start(INTO_PLATFORM, { SHIM: shim });
      await running.untilThere(place.halted);
      await mariadb.stop('SIGKILL');
      running.kill();
      await running.gone;
      await mariadb.start();
      expect((await place.run(INTO_PLATFORM)).report.ok).toBe(true);
      expect(both()).toBe(whole);
    }
  });

  test('a session that holds a table keeps it from being replaced, and nothing was changed', async () => {
    const before = both();
    const release = await hold('START TRANSACTION; SELECT * FROM shop_stock.items;');
    const { report } = await place.run(INTO_PLATFORM, { BACKUP_WRITERS_WAIT: '1' });
    await release();
    expect(report).toMatchObject({ ok: false, fault: 'writers' });
    expect(report.advice).toContain('stop the applications');
    expect(both()).toBe(before);
    expect(await mariadb.sql('SELECT @@read_only')).toBe('0');
  });

  const hold = async (sql: string): Promise<() => Promise<void>> => {
    const release = await mariadb.idle('root', '', 0);
    const held = mariadb.sql(`${sql} SELECT SLEEP(3600)`).catch(() => '');
    while (
      !(await mariadb.sql(
        "SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(3600)%'",
      ))
    );
    return async () => {
      const id = await mariadb.sql(
        "SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(3600)%'",
      );
      await mariadb.sql(`KILL ${id}`);
      await held;
      await release();
    };
  };

  test('orders that are written meanwhile go to the one or to the other, and none that the backup had is lost', async () => {
    const writer = new Writer(mariadb);
    await writer.until(20);
    const { report } = await place.run(INTO_PLATFORM);
    await writer.stop();
    expect(report.ok).toBe(true);
    // What the backup had is there, whatever came after the swap.
    expect(await mariadb.sql('SELECT COUNT(*) FROM shop_stock.bulk')).toBe('3600');
    expect(await mariadb.sql('SELECT COUNT(*) FROM shop_orders.orders WHERE id <= 4')).toBe('4');
    expect(Number(await mariadb.sql('SELECT COUNT(*) FROM replaced_shop_orders.orders'))).toBeGreaterThan(20);
    await place.run(INTO_PLATFORM);
    expect(both()).toBe(whole);
  });

  test('a foreign key from another database is refused with what to do', async () => {
    await mariadb.sql(
      'CREATE DATABASE other; CREATE TABLE other.o (i INT, FOREIGN KEY (i) REFERENCES shop_stock.items (id))',
    );
    const { report } = await place.run(INTO_PLATFORM);
    await mariadb.sql('DROP DATABASE other');
    expect(report).toMatchObject({ ok: false, error: expect.stringContaining('other/o') });
    expect(both()).toBe(whole);
  });

  test('what comes in other than it was recorded takes no place', async () => {
    const { report } = await place.run(INTO_PLATFORM, { SHIM: 'restic|cut|shop_stock/tables.sql' });
    expect(report.ok).toBe(false);
    expect(['differs', 'database', 'cut-off']).toContain(report.fault);
    expect(both()).toBe(whole);
  });

  test('as many rows as were recorded, and others, take no place, and no drill is good with them', async () => {
    for (const args of [INTO_PLATFORM, ['drill']]) {
      const { report } = await place.run(args, { SHIM: 'restic|alter|shop_stock/tables.sql' });
      expect(report).toMatchObject({ ok: false, fault: 'differs' });
      expect(report.error).toMatch(/shop_stock\.items has the sum \d+, not \d+$/);
    }
    expect(both()).toBe(whole);
  });

  test('a drill in which MariaDB finds a table that is not well fails', async () => {
    const { report } = await place.run(['drill'], { SHIM: 'mariadb|corrupt|CHECK TABLE' });
    expect(report).toMatchObject({ ok: false, fault: 'differs' });
    expect(report.error).toMatch(/^CHECK TABLE finds: .*Corrupt/);
    expect((await place.run(['list'])).report.drilled).toMatchObject({ ok: false });
  });

  test('a drill reads the newest into a throw-away server, checks it and writes it down', async () => {
    const { report } = await place.run(['drill']);
    expect(report).toMatchObject({ backup: 'drill', ok: true });
    expect((await place.run(['list'])).report.drilled).toMatchObject({ ok: true, snapshot: report.snapshot });
  });

  test('a drill that finds something else than was recorded fails, and that is written down, too', async () => {
    const { report } = await place.run(['drill'], { SHIM: 'restic|cut|shop_stock/tables.sql' });
    expect(report.ok).toBe(false);
    expect((await place.run(['list'])).report.drilled).toMatchObject({ ok: false });
  });

  test('a drill by another series of MariaDB says that it compares no sums', async () => {
    expect((await place.run(['drill'])).report.warnings).toBeUndefined();
    expect((await place.run(['now'], { SHIM: 'mariadb|older|^SELECT VERSION' })).report.ok).toBe(true);
    const { report } = await place.run(['drill']);
    expect(report).toMatchObject({
      ok: true,
      warnings: [expect.stringMatching(/no sums compared: .* 10\.5,/)],
    });
    place.restic('forget', report.snapshot!);
  });

  describe('a drill that lets applications in', () => {
    /** A path of the container, where this one has it. */
    const here = (path: string) => join(place.root, basename(dirname(path)), basename(path));

    const serve = async (seconds: number) => {
      const [port] = (await freePorts(1)) as [number];
      const running = place.start(['drill', '--serve', `${seconds}`], { BACKUP_SCRATCH_PORT: `${port}` });
      await running.until(SERVING);
      return { port, running };
    };

    test('has what was restored on its port, for the accounts that are made, and says who was well', async () => {
      const { port, running } = await serve(60);
      const socket = join(place.root, 'work-drill', 'scratch', basename(SCRATCH_SOCKET));
      const by = (...options: string[]) => spawnSync('mariadb', ['--no-defaults', '-N', ...options]);
      const overTcp = () =>
        by(
          '--host=127.0.0.1',
          `--port=${port}`,
          '--user=api',
          '--password=x',
          '--execute=SELECT n FROM shop_orders.total',
        );
      expect(overTcp().stderr.toString()).toContain('Access denied');
      by(
        `--socket=${socket}`,
        '--user=root',
        "--execute=GRANT SELECT ON shop_orders.* TO api@'%' IDENTIFIED BY 'x'",
      );
      expect(overTcp().stdout.toString().trim()).toBe('4');
      writeFileSync(here(STARTED), 'ok api worker\n');
      expect((await running.end()).report).toMatchObject({ ok: true, applications: ['api', 'worker'] });
      expect((await place.run(['list'])).report.drilled).toMatchObject({ ok: true });
    });

    test('fails with an application that is not well, which is written down', async () => {
      const { running } = await serve(60);
      writeFileSync(here(STARTED), 'api does not answer /users\n');
      const { report } = await running.end();
      expect(report).toMatchObject({ ok: false, fault: 'application' });
      expect(report.error).toContain('api does not answer /users');
      expect((await place.run(['list'])).report.drilled).toMatchObject({ ok: false, error: report.error });
    });

    test('waits for nobody for ever', async () => {
      const { running } = await serve(1);
      expect((await running.end()).report).toMatchObject({ ok: false, fault: 'application' });
    });
  });

  test.each([
    ['a snapshot that is not there', ['--snapshot', 'abcdef'], 'no-backup'],
    ['a database that it has not', ['--database', 'nowhere'], 'no-backup'],
    ['a volume that it has not', ['--volume', 'nowhere'], 'no-backup'],
    ['a place that is none', ['--into', 'moon'], 'settings'],
    ['an option that is none', ['--force', 'x'], 'settings'],
    ['a time, where no binary log is shipped', ['--at', '2030-01-01T00:00:00Z'], 'no-backup'],
  ])('%s', async (_, options, fault) => {
    const { report } = await place.run(['restore', ...options]);
    expect(report).toMatchObject({ ok: false, fault });
    expect(report.advice).toBeTruthy();
  });
});
