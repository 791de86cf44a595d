import { spawnSync } from 'node:child_process';
import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SECRET_FILES, SHIPPING_ARGS } from '../../../../../contract/backup';
import { BackupPlace } from '../../../../support/backup/backup-place';
import { describeBackup } from '../../../../support/backup/backup-programs';
import { makeShop, SHOP, Writer } from '../../../../support/backup/shop';
import { TestMariadb } from '../../../operations/provision/mariadb';

const asTime = (seconds: string): string => `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}Z`;

describeBackup('backup.sh ship and restore --at:', () => {
  const mariadb = new TestMariadb();
  let place: BackupPlace;

  /** A second by the server's clock, all of which is over when the next statement runs. */
  const moment = async (): Promise<string> => {
    const at = await mariadb.sql('SELECT UNIX_TIMESTAMP() + 1');
    while (Number(await mariadb.sql('SELECT UNIX_TIMESTAMP()')) < Number(at));
    return asTime(at);
  };

  beforeAll(async () => {
    mariadb.initialise();
    await mariadb.start(SHIPPING_ARGS);
    await makeShop(mariadb);
    place = new BackupPlace(mariadb, SHOP, { BACKUP_KEEP_LAST: '9' });
    await place.makeAccounts();
  });

  afterAll(async () => {
    place.remove();
    await mariadb.remove();
  });

  test('without a backup there is nothing to go on from', async () => {
    await place.run(['now'], { BACKUP_DATABASES: '' });
    expect((await place.run(['ship'])).report).toMatchObject({ ok: false, fault: 'no-backup' });
  });

  test('each acknowledged order of a time between two backups comes back, and no later one', async () => {
    expect((await place.run(['now'])).report.ok).toBe(true);
    const writer = new Writer(mariadb);
    await writer.until(30);
    expect((await place.run(['ship'])).report).toMatchObject({ ok: true, upto: expect.any(String) });
    await writer.until(60);
    await writer.stop();
    // What passes by a backup: accounts, and databases that it does not have.
    await mariadb.sql(
      "CREATE USER passer@'%' IDENTIFIED BY 'x'; GRANT SELECT ON shop_stock.* TO passer@'%'; CREATE DATABASE elsewhere; CREATE TABLE elsewhere.t (i INT); INSERT INTO elsewhere.t VALUES (1); ALTER TABLE shop_stock.items ADD COLUMN more INT DEFAULT 5",
    );
    const at = await moment();
    const acknowledged = await mariadb.sql('SELECT COUNT(*) FROM shop_stock.taken');
    await mariadb.sql(
      'DELETE FROM shop_stock.taken; DROP TABLE shop_orders.log, shop_orders.entries, shop_orders.orders',
    );
    expect((await place.run(['ship'])).report.ok).toBe(true);
    const { restorable } = (await place.run(['list'])).report;
    expect(restorable![0]!.from < at && at <= restorable![0]!.to).toBe(true);
    const { report } = await place.run(['restore', '--at', at, '--into', 'platform']);
    expect(report).toMatchObject({ ok: true, upto: at });
    expect(await mariadb.sql('SELECT COUNT(*) FROM shop_stock.taken')).toBe(acknowledged);
    expect(await mariadb.sql('SELECT COUNT(*) FROM shop_orders.orders')).toBe(`${Number(acknowledged) + 4}`);
    expect(await mariadb.sql('SELECT more FROM shop_stock.items LIMIT 1')).toBe('5');
  });

  test('a time after a restore is right, too, since the log has the restore', async () => {
    const rows = await mariadb.sql('SELECT COUNT(*) FROM shop_stock.taken');
    await mariadb.sql('INSERT INTO shop_stock.taken (order_id) VALUES (0)');
    const at = await moment();
    await mariadb.sql('TRUNCATE shop_stock.taken');
    await place.run(['ship']);
    const { report } = await place.run(['restore', '--at', at, '--database', 'shop_stock']);
    expect(report).toMatchObject({ ok: true });
    expect(await mariadb.sql('SELECT COUNT(*) FROM restore_shop_stock.taken')).toBe(`${Number(rows) + 1}`);
  });

  test('a time that is not covered is said, with the one that is', async () => {
    const late = await place.run(['restore', '--at', '2099-01-01T00:00:00Z']);
    expect(late.report).toMatchObject({
      ok: false,
      fault: 'no-backup',
      error: expect.stringContaining('is in the repository up to'),
    });
    const early = await place.run(['restore', '--at', '2001-01-01T00:00:00+02:00']);
    expect(early.report).toMatchObject({
      ok: false,
      fault: 'no-backup',
      advice: expect.stringContaining(' to '),
    });
    const unclear = await place.run(['restore', '--at', 'yesterday']);
    expect(unclear.report).toMatchObject({ ok: false, fault: 'settings' });
  });

  test('a log that the server has purged is a gap, and the next backup mends it', async () => {
    await mariadb.sql('FLUSH BINARY LOGS; FLUSH BINARY LOGS');
    const newest = (await mariadb.sql('SHOW BINARY LOGS')).split('\n').at(-1)!.split('\t')[0]!;
    // A file that somebody has just read, and whose connection is not over yet, is not purged.
    while ((await mariadb.sql('SHOW BINARY LOGS')).includes('\n')) {
      await mariadb.sql(`PURGE BINARY LOGS TO '${newest}'`);
    }
    expect((await place.run(['ship'])).report).toMatchObject({ ok: false, fault: 'gap' });
    expect((await place.run(['now'])).report.ok).toBe(true);
    expect((await place.run(['ship'])).report).toMatchObject({ ok: true });
  });

  test.each([
    ['in the middle, the next one ships it', 'before'],
    ['when it was uploaded, the next one goes on from there', 'after'],
  ])('killed %s', async (_, when) => {
    await mariadb.sql('INSERT INTO shop_stock.taken (order_id) VALUES (7)');
    const at = await moment();
    await place.killedAt(['ship'], `restic|${when}|^--no-cache backup`);
    expect((await place.run(['ship'])).report).toMatchObject({ ok: true });
    expect((await place.run(['restore', '--at', at])).report).toMatchObject({ ok: true, upto: at });
  });

  test('a backup that takes its time keeps no copy waiting, and both go on from each other', async () => {
    expect((await place.run(['now'])).report.ok).toBe(true);
    const backup = place.start(['now'], { SHIM: 'restic|before|^--no-cache backup' });
    await backup.untilThere(place.halted);
    // Its moment is over; all this is written and copied before it is uploaded.
    await mariadb.sql('INSERT INTO shop_stock.taken (order_id) VALUES (60)');
    const during = await moment();
    expect((await place.run(['ship'])).report.ok).toBe(true);
    await mariadb.sql('INSERT INTO shop_stock.taken (order_id) VALUES (61)');
    expect((await place.run(['ship'])).report.ok).toBe(true);
    place.release();
    const { ok, snapshot } = (await backup.end()).report;
    expect(ok).toBe(true);
    await mariadb.sql('INSERT INTO shop_stock.taken (order_id) VALUES (62)');
    const after = await moment();
    expect((await place.run(['ship'])).report.ok).toBe(true);
    const rows = async () => {
      const text =
        'SELECT GROUP_CONCAT(order_id ORDER BY id) FROM restore_shop_stock.taken WHERE order_id >= 60';
      return mariadb.sql(text);
    };
    for (const [at, orders] of [
      [during, '60'],
      [after, '60,61,62'],
    ] as const) {
      const { report } = await place.run(['restore', '--at', at, '--database', 'shop_stock']);
      expect(report).toMatchObject({ ok: true, upto: at, snapshot });
      expect(await rows()).toBe(orders);
    }
    // From the one before it, too, where that one is lost.
    place.restic('forget', snapshot!);
    const { report } = await place.run(['restore', '--at', during, '--database', 'shop_stock']);
    expect(report).toMatchObject({ ok: true, upto: during });
    expect(report.snapshot).not.toBe(snapshot);
    expect(await rows()).toBe('60');
    await mariadb.sql('DELETE FROM shop_stock.taken WHERE order_id >= 60');
    expect((await place.run(['now'])).report.ok).toBe(true);
  });

  test('while the repository is locked for all, as it is pruned, a copy waits, and then comes', async () => {
    const running = place.start(['now'], {
      BACKUP_KEEP_LAST: '1',
      SHIM: 'restic|during|^--no-cache prune',
      SHIM_WATCH: join(place.repository, 'locks'),
    });
    await running.untilThere(place.halted);
    const copy = place.start(['ship'], { BACKUP_PATIENCE: '1' });
    while (!place.calls.includes('--retry-lock 60s')) await new Promise((done) => setTimeout(done, 20));
    place.release();
    expect((await running.end()).report).toMatchObject({ ok: true });
    expect((await copy.end()).report).toMatchObject({ ok: true });
  });

  test('a clock that was an hour ahead for a while: a later moment has all that came before it', async () => {
    expect((await place.run(['now'])).report.ok).toBe(true);
    // Who is no administrator sees such a clock; so does who says so.
    const ahead = 'SET timestamp = UNIX_TIMESTAMP() + 3600';
    await mariadb.sql(`SET GLOBAL init_connect = '${ahead}'`);
    await mariadb.sql(`${ahead}; INSERT INTO shop_stock.taken (order_id) VALUES (50)`);
    const wrong = (await place.run(['ship'])).report;
    await mariadb.sql("SET GLOBAL init_connect = ''");
    expect(wrong.ok && Date.parse(wrong.upto!) > Date.now() + 3_000_000).toBe(true);
    await mariadb.sql('INSERT INTO shop_stock.taken (order_id) VALUES (51)');
    expect((await place.run(['ship'])).report.ok).toBe(true);
    await mariadb.sql('INSERT INTO shop_stock.taken (order_id) VALUES (52)');
    const at = await moment();
    await mariadb.sql('DELETE FROM shop_stock.taken');
    expect((await place.run(['ship'])).report.ok).toBe(true);
    const { report } = await place.run(['restore', '--at', at, '--database', 'shop_stock']);
    expect(report).toMatchObject({ ok: true, upto: at });
    expect(report.warnings?.join()).toContain('a clock was wrong while the binary log was written');
    expect(await mariadb.sql('SELECT order_id FROM restore_shop_stock.taken WHERE order_id >= 50')).toBe(
      '50\n51\n52',
    );
  });

  test('a log that is larger than the room there is comes in pieces, each up to its own end', async () => {
    const room = new BackupPlace(mariadb, SHOP, { BACKUP_REPOSITORY: place.repository });
    room.secret(SECRET_FILES.repository, place.repositoryPassword);
    room.secret(SECRET_FILES.database, place.password);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', room.root]);
    if (mounted.status !== 0) return console.warn('SKIPPED: no tmpfs can be mounted here');
    try {
      expect((await place.run(['now'])).report.ok).toBe(true);
      const fillFile = (order: number) =>
        mariadb.sql(
          `CREATE TABLE IF NOT EXISTS shop_stock.big (data LONGBLOB); INSERT INTO shop_stock.big VALUES (REPEAT(MD5(RAND()), 500000)); DELETE FROM shop_stock.big; INSERT INTO shop_stock.taken (order_id) VALUES (${order}); DO SLEEP(1.1); FLUSH BINARY LOGS`,
        );
      // 32 MB each, as the row comes and as it goes.
      await fillFile(80);
      const at = await moment();
      await fillFile(81);
      const { report } = await room.run(['ship']);
      expect(report).toMatchObject({ ok: true, upto: expect.any(String) });
      const pieces = (
        JSON.parse(place.restic('snapshots', '--json', '--tag', 'kind=binlog')) as { tags: string[] }[]
      )
        .slice(-2)
        .map(({ tags }) => tags.find((tag) => tag.startsWith('upto='))!.slice(5));
      expect(pieces[0]! < report.upto! && pieces[0]! <= at).toBe(true);
      expect(pieces[1]).toBe(report.upto);
      expect((await place.run(['restore', '--at', at, '--database', 'shop_stock'])).report).toMatchObject({
        ok: true,
      });
      expect(await mariadb.sql('SELECT order_id FROM restore_shop_stock.taken WHERE order_id >= 80')).toBe(
        '80',
      );
      // One file that has no room by itself is said, and the backup goes on meanwhile.
      const row = 'INSERT INTO shop_stock.big VALUES (REPEAT(MD5(RAND()), 500000));';
      await mariadb.sql(`${row} ${row} ${row} DROP TABLE shop_stock.big`);
      expect((await room.run(['ship'])).report).toMatchObject({ ok: false, fault: 'full' });
      expect((await place.run(['ship'])).report).toMatchObject({ ok: true });
      await mariadb.sql('DELETE FROM shop_stock.taken WHERE order_id >= 80');
    } finally {
      spawnSync('umount', ['-l', room.root]);
      room.remove();
    }
  });

  describe('where an older backup is kept than one that went on from it', () => {
    const kindsOf = () =>
      (JSON.parse(place.restic('snapshots', '--json')) as { tags: string[] }[]).map(({ tags }) =>
        tags.find((tag) => tag.startsWith('kind='))!.slice(5),
      );

    test('a moment after the one that went comes back, and is told', async () => {
      // By the time that is written on it the policy keeps it, as it keeps the last of a day.
      expect((await place.run(['now'], { SHIM: 'restic|future|^--no-cache backup' })).report.ok).toBe(true);
      expect((await place.run(['ship'])).report.ok).toBe(true);
      const between = (await place.run(['now'])).report.snapshot!;
      await mariadb.sql('INSERT INTO shop_stock.taken (order_id) VALUES (70)');
      const at = await moment();
      await mariadb.sql('DELETE FROM shop_stock.taken WHERE order_id = 70; DO SLEEP(1.1)');
      expect((await place.run(['ship'])).report.ok).toBe(true);
      const newest = await place.run(['now'], { BACKUP_KEEP_LAST: '1' });
      expect(newest.report.ok).toBe(true);
      const { backups, restorable } = (await place.run(['list'])).report;
      expect(backups!.some(({ snapshot }) => between.startsWith(snapshot))).toBe(false);
      expect(restorable!.some(({ from, to }) => from < at && at < to)).toBe(true);
      const { report } = await place.run(['restore', '--at', at, '--database', 'shop_stock']);
      expect(report).toMatchObject({ ok: true, upto: at });
      expect(await mariadb.sql('SELECT order_id FROM restore_shop_stock.taken WHERE order_id = 70')).toBe(
        '70',
      );
    });

    test('what went on from none that is kept goes', async () => {
      const before = kindsOf().filter((kind) => kind === 'binlog').length;
      expect(before).toBeGreaterThan(1);
      // No older one is brought on by the log.
      expect((await place.run(['now'], { BACKUP_KEEP_BINLOG: '1' })).report.ok).toBe(true);
      expect(kindsOf().filter((kind) => kind === 'binlog')).toEqual([]);
      expect((await place.run(['ship'])).report.ok).toBe(true);
    });
  });

  describe('the log of another server, whose files have the same names', () => {
    const other = new TestMariadb();
    const env = () => ({ BACKUP_DB_PORT: `${other.port}` });
    const logs = async (server: TestMariadb) =>
      (await server.sql('SHOW BINARY LOGS')).split('\n').map((line) => line.split('\t')[0]!);
    let between: string;

    beforeAll(async () => {
      expect((await place.run(['now'])).report.ok).toBe(true);
      expect((await place.run(['ship'])).report.ok).toBe(true);
      await mariadb.sql('INSERT INTO shop_stock.taken (order_id) VALUES (8)');
      between = await moment();
      other.initialise();
      await other.start(SHIPPING_ARGS);
      await makeShop(other);
      await place.makeAccounts(true, other);
      // More of them than the first server has, so that each name of its is there.
      const last = (await logs(mariadb)).at(-1)!;
      while ((await logs(other)).at(-1)! <= last) await other.sql('FLUSH BINARY LOGS');
    });

    afterAll(() => other.remove());

    test('is not taken for the one that goes on', async () => {
      const { report } = await place.run(['ship'], env());
      expect(report).toMatchObject({ ok: false, fault: 'gap' });
      expect(report.error).toContain('this is another server');
      expect(report.advice).toContain('now');
    });

    test('is shipped after a backup of it, and its changes are no continuation of the first one’s', async () => {
      expect((await place.run(['now'], env())).report.ok).toBe(true);
      expect((await place.run(['ship'], env())).report.ok).toBe(true);
      const { report } = await place.run(['restore', '--at', between]);
      expect(report).toMatchObject({ ok: false, fault: 'gap' });
      await other.sql('INSERT INTO shop_stock.taken (order_id) VALUES (9)');
      const at = asTime(await other.sql('SELECT UNIX_TIMESTAMP() + 1'));
      while (asTime(await other.sql('SELECT UNIX_TIMESTAMP()')) < at);
      expect((await place.run(['ship'], env())).report.ok).toBe(true);
      expect((await place.run(['restore', '--at', at], env())).report).toMatchObject({ ok: true, upto: at });
      expect(await other.sql('SELECT order_id FROM restore_shop_stock.taken')).toBe('9');
    });

    test('nor is that of a server whose disk was set back to what it was an hour ago', async () => {
      const data = join(other.folder, 'data');
      const earlier = join(other.folder, 'earlier');
      await other.stop();
      cpSync(data, earlier, { recursive: true });
      await other.start(SHIPPING_ARGS);
      expect((await place.run(['ship'], env())).report.ok).toBe(true);
      await other.stop();
      rmSync(data, { recursive: true });
      renameSync(earlier, data);
      await other.start(SHIPPING_ARGS);
      // As many files as there were, in the log of which the last rows never were.
      await other.sql('FLUSH BINARY LOGS');
      const { report } = await place.run(['ship'], env());
      expect(report).toMatchObject({ ok: false, fault: 'gap', error: expect.stringContaining('set back') });
    });
  });
});
