import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHIPPING_ARGS } from '../../../../../contract/backup';
import { BackupPlace } from '../../../../support/backup/backup-place';
import { describeBackup } from '../../../../support/backup/backup-programs';
import { makeShop, SHOP } from '../../../../support/backup/shop';
import { TestMariadb } from '../../../operations/provision/mariadb';

const INTO_PLATFORM = ['restore', '--into', 'platform'];

describeBackup('a restore into the platform:', () => {
  const mariadb = new TestMariadb();
  let place: BackupPlace;
  let frames: string;

  beforeAll(async () => {
    mariadb.initialise();
    await mariadb.start(SHIPPING_ARGS);
    await makeShop(mariadb);
    place = new BackupPlace(mariadb, SHOP, { BACKUP_KEEP_LAST: '3', BACKUP_VOLUMES: 'frames' });
    await place.makeAccounts();
    frames = join(place.root, 'volumes', 'frames');
    mkdirSync(frames, { recursive: true });
    writeFileSync(join(frames, 'a'), 'old');
    const { report, said } = await place.run(['now']);
    if (!report.ok) throw new Error(said);
  });

  afterAll(async () => {
    place.remove();
    await mariadb.remove();
  });

  const report = async (...args: string[]) => (await place.run(args)).report;
  const orders = () => mariadb.sql('SELECT COUNT(*) FROM shop_orders.orders');
  const spoil = () => mariadb.sql('SET foreign_key_checks = 0; DELETE FROM shop_orders.orders');

  describe('the backup that is made before it', () => {
    const made: string[] = [];

    test('makes none go, is no newest one, and comes back by its id alone', async () => {
      for (let count = 0; count < 3; count++) made.push((await report('now')).snapshot!.slice(0, 8));
      await spoil();
      const before = await report('now', '--before-restore');
      expect(before).toMatchObject({ ok: true, snapshot: expect.any(String) });
      expect(before.removed).toBeUndefined();
      const list = await report('list');
      expect(list.backups!.map(({ snapshot }) => snapshot)).toEqual([...made].reverse());
      expect(list.beforeRestores).toMatchObject([{ snapshot: before.snapshot!.slice(0, 8) }]);
      expect(list.unfinished).toBeUndefined();
      // The plain command, and the oldest of the day.
      expect(await report(...INTO_PLATFORM)).toMatchObject({ ok: true });
      expect(await orders()).toBe('4');
      expect(await report(...INTO_PLATFORM, '--snapshot', before.snapshot!.slice(0, 8))).toMatchObject({
        ok: true,
      });
      expect(await orders()).toBe('0');
      expect(await report(...INTO_PLATFORM, '--snapshot', made[0]!)).toMatchObject({ ok: true });
      expect(await orders()).toBe('4');
    });

    test('leaves the log going on from the backup before it', async () => {
      // Moments are seconds: its own has to be over.
      await mariadb.sql("INSERT INTO shop_orders.orders (text) VALUES ('later'); DO SLEEP(1.1)");
      expect(await report('ship')).toMatchObject({ ok: true });
      const at = (await report('list')).restorable![0]!.to;
      expect(await report('restore', '--at', at, '--database', 'shop_orders')).toMatchObject({ ok: true });
      expect(await mariadb.sql('SELECT COUNT(*) FROM restore_shop_orders.orders')).toBe('5');
      await mariadb.sql("DELETE FROM shop_orders.orders WHERE text = 'later'");
    });

    test('takes no place of another one, and of these the three newest stay', async () => {
      for (let count = 0; count < 3; count++) await report('now', '--before-restore');
      expect((await report('list')).beforeRestores).toHaveLength(4);
      // In its place in what is kept, as one more backup would be.
      const newer = await report('now');
      expect(newer).toMatchObject({ ok: true, removed: 1 });
      const { backups, beforeRestores } = await report('list');
      expect(backups!.map(({ snapshot }) => snapshot)).toEqual([
        newer.snapshot!.slice(0, 8),
        made[2],
        made[1],
      ]);
      expect(beforeRestores).toHaveLength(3);
    });
  });

  test('what comes back beside is in no binary log', async () => {
    await mariadb.sql('FLUSH BINARY LOGS');
    const file = (await mariadb.sql('SHOW BINARY LOGS')).split('\n').at(-1)!.split('\t')[0]!;
    expect(await report('restore')).toMatchObject({ ok: true, into: 'scratch' });
    const events = await mariadb.sql(`SHOW BINLOG EVENTS IN '${file}'`);
    expect(events).toContain('proctor_restore');
    expect(events).not.toContain('restore_shop_stock');
    expect(await report('restore', '--discard')).toMatchObject({ ok: true });
  });

  test.each<[string, readonly string[], number]>([
    ['beside', ['restore'], 1],
    // The log has it once more.
    ['in place', INTO_PLATFORM, 2],
  ])('where there is no room for it, nothing begins: %s', async (_, args, times) => {
    const sizes = `SELECT SUM(data_length + index_length) FROM information_schema.tables WHERE table_schema LIKE 'shop\\_%'`;
    const room = Number(await mariadb.sql(sizes)) * times;
    const refused = await report(
      ...args,
      '--database',
      'shop_orders',
      '--database',
      'shop_stock',
      '--room',
      `${room}`,
    );
    expect(refused).toMatchObject({ ok: false, fault: 'full' });
    expect(refused.error).toContain('has room for');
    expect(await mariadb.sql("SHOW DATABASES LIKE 'restore\\_%'")).toBe('');
    const enough = ['--database', 'shop_orders', '--database', 'shop_stock', '--room', `${room + 1}`];
    expect(await report(...args, ...enough)).toMatchObject({ ok: true });
    await report('restore', '--discard');
  });

  describe('that was killed when it had something half in place', () => {
    const HALF = 'mariadb|before|ALTER DATABASE `shop_stock`';

    test.each(['mariadb|before|RENAME TABLE', HALF])(
      'is finished without the repository: %s',
      async (shim) => {
        await spoil();
        await place.killedAt(INTO_PLATFORM, shim);
        expect((await report('list')).unfinished).toEqual(['shop_orders', 'shop_stock']);
        expect(await mariadb.sql('SELECT @@read_only')).toBe('1');
        const { report: finished } = await place.run(['restore', '--finish'], {
          BACKUP_REPOSITORY: '/nowhere',
        });
        expect(finished).toMatchObject({ ok: true });
        expect(await mariadb.sql('SELECT @@read_only')).toBe('0');
        expect(await orders()).toBe('4');
        expect(await mariadb.sql('SELECT n FROM shop_orders.total')).toBe('4');
        expect((await report('list')).unfinished).toBeUndefined();
      },
    );

    test('is undone where nothing was in place', async () => {
      await spoil();
      await place.killedAt(INTO_PLATFORM, 'mariadb|before|CHECKSUM TABLE');
      expect(await report('restore', '--finish')).toMatchObject({ ok: true });
      expect(await orders()).toBe('0');
      expect(await mariadb.sql("SHOW DATABASES LIKE 'restore\\_%'")).toBe('');
      await report(...INTO_PLATFORM);
    });

    test('is not backed up as if it were whole, nor touched with applications at work', async () => {
      await place.killedAt(INTO_PLATFORM, HALF);
      for (const args of [['now'], ['now', '--before-restore'], ['restore'], ['restore', '--discard']]) {
        const { report: refused } = await place.run(args, { BACKUP_PATIENCE: '2' });
        expect(refused).toMatchObject({ ok: false, fault: 'unfinished' });
        expect(refused.advice).toContain('into the platform');
      }
      expect(await mariadb.sql('SELECT @@read_only')).toBe('1');
      expect(await report(...INTO_PLATFORM)).toMatchObject({ ok: true });
      expect(await report('now')).toMatchObject({ ok: true });
    });
  });

  describe('a volume', () => {
    const RESTORE = [...INTO_PLATFORM, '--volume', 'frames'];
    const files = () => readdirSync(frames).sort();

    test('is backed up without what restores have left in it', async () => {
      writeFileSync(join(frames, 'a'), 'new');
      const beside = await report('restore', '--volume', 'frames');
      expect(await report(...RESTORE)).toMatchObject({ ok: true });
      expect(readFileSync(join(frames, 'a'), 'utf8')).toBe('old');
      expect(files()).toEqual(['.replaced', 'a']);
      expect(readdirSync(join(frames, '.replaced')).sort()).toEqual(['a', `restore_${beside.snapshot}`]);
      await report('restore', '--volume', 'frames');
      mkdirSync(join(frames, 'restore_me'));
      const { snapshot } = await report('now');
      const stored = place.restic('ls', snapshot!);
      expect(stored).toContain('/frames/restore_me');
      expect(stored).not.toMatch(/\.replaced|restore_[0-9a-f]{64}/);
    });

    test('half in place stays so for a restore beside, for --discard and for a backup, and is finished', async () => {
      writeFileSync(join(frames, 'a'), 'newest');
      // As where it is killed once it is read in whole.
      const { snapshot } = await report('restore', '--volume', 'frames');
      mkdirSync(join(frames, '.restore', 'files'), { recursive: true });
      writeFileSync(join(frames, '.restore', 'files', 'a'), 'back');
      writeFileSync(join(frames, '.restore', '.whole'), snapshot!);
      expect((await report('list')).unfinished).toEqual(['volume frames']);
      for (const args of [['restore', '--volume', 'frames'], ['restore', '--discard'], ['now']]) {
        const { report: refused } = await place.run(args, { BACKUP_PATIENCE: '2' });
        expect(refused).toMatchObject({ ok: false, fault: 'unfinished' });
      }
      expect(readFileSync(join(frames, 'a'), 'utf8')).toBe('newest');
      expect(await report('restore', '--finish')).toMatchObject({ ok: true });
      expect(readFileSync(join(frames, 'a'), 'utf8')).toBe('back');
      expect(existsSync(join(frames, '.restore'))).toBe(false);
    });
  });
});
