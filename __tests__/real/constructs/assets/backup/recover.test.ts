import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { missingOf, stateOfDatabases } from '../../../../../operations/backup/missing';
import { rememberSeeds } from '../../../../../operations/provision/seeds';
import { Server } from '../../../../../operations/provision/server';
import { BackupPlace } from '../../../../support/backup/backup-place';
import { describeBackup } from '../../../../support/backup/backup-programs';
import { makeShop, SHOP } from '../../../../support/backup/shop';
import { TestMariadb } from '../../../operations/provision/mariadb';

describeBackup('a server whose data is gone, with MariaDB and a volume:', () => {
  const mariadb = new TestMariadb();
  let place: BackupPlace;
  let frames: string;
  let snapshot: string;

  /** The databases are there, as a deploy makes them, and nothing is in them. */
  const lose = async () => {
    await mariadb.sql(SHOP.map((name) => `DROP DATABASE IF EXISTS ${name}`).join('; '));
    await mariadb.sql('DROP DATABASE IF EXISTS proctor_restore');
    await mariadb.sql(
      'CREATE DATABASE shop_orders; CREATE DATABASE shop_stock; CREATE TABLE shop_stock.items (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(100))',
    );
    rmSync(frames, { recursive: true, force: true });
    mkdirSync(frames, { recursive: true });
  };
  const missing = async () =>
    missingOf(
      'shop',
      { names: SHOP, state: await stateOfDatabases(new Server(mariadb.execute), SHOP) },
      (await place.run(['look'])).report.holds!,
    );
  /** As `./proctor recover` asks for it. */
  const restore = async () => {
    const { databases, volumes, snapshot: begun } = await missing();
    return [
      ...['restore', '--into', 'platform', ...(begun ? ['--snapshot', begun] : [])],
      ...databases.flatMap((name) => ['--database', name]),
      ...volumes.flatMap((name) => ['--volume', name]),
    ];
  };
  const wholeAgain = async () => {
    expect(await mariadb.sql('SELECT COUNT(*) FROM shop_orders.orders')).toBe('4');
    expect(await mariadb.sql('SELECT COUNT(*) FROM shop_stock.items')).toBe('1');
    expect(readFileSync(join(frames, 'deep', 'one.bin'), 'utf8')).toBe('frame');
    expect(existsSync(join(frames, '.restore'))).toBe(false);
    expect(await missing()).toMatchObject({ databases: [], volumes: [] });
  };

  beforeAll(async () => {
    mariadb.initialise();
    await mariadb.start();
    await makeShop(mariadb);
    place = new BackupPlace(mariadb, SHOP, { BACKUP_VOLUMES: 'frames' });
    await place.makeAccounts(false);
    frames = join(place.root, 'volumes', 'frames');
    mkdirSync(join(frames, 'deep'), { recursive: true });
    writeFileSync(join(frames, 'deep', 'one.bin'), 'frame');
    snapshot = (await place.run(['now'])).report.snapshot!;
  });

  afterAll(async () => {
    place.remove();
    await mariadb.remove();
  });

  test('is not taken for one that has some: a row, or a file, that no restore has brought', async () => {
    await lose();
    expect(await missing()).toEqual({ databases: SHOP, volumes: ['frames'] });
    // InnoDB's own estimate of so young a row is none.
    await mariadb.sql("INSERT INTO shop_stock.items (name) VALUES ('young')");
    await expect(missing()).rejects.toThrow(/the database shop_stock has rows: .*nothing was changed/);
    await mariadb.sql('DELETE FROM shop_stock.items');
    writeFileSync(join(frames, 'upload'), 'x');
    await expect(missing()).rejects.toThrow(/the volume frames has files: .*nothing was changed/);
  });

  test('with rows of schema files alone is one: they are in every new database', async () => {
    await lose();
    const server = new Server(mariadb.execute);
    const seeded = (sql: string) => rememberSeeds(server, SHOP, () => server.runScript('shop_stock', sql));
    await seeded("INSERT INTO items (name) VALUES ('first'), ('second')");
    expect(await missing()).toEqual({ databases: SHOP, volumes: ['frames'] });
    // As a deploy that was killed and comes again: nothing is new.
    await seeded('INSERT IGNORE INTO items (id, name) SELECT id, name FROM items');
    expect(await missing()).toEqual({ databases: SHOP, volumes: ['frames'] });
    // And no backup of them takes the place of the one with the data.
    expect((await place.run(['now'])).report).toMatchObject({ ok: false, fault: 'empty' });
    await mariadb.sql("UPDATE shop_stock.items SET name = 'mine' WHERE name = 'second'");
    await expect(missing()).rejects.toThrow(/the database shop_stock has rows/);
    // A later file takes nobody's rows for its own.
    await seeded("INSERT INTO items (name) VALUES ('third')");
    await expect(missing()).rejects.toThrow(/the database shop_stock has rows/);
    await mariadb.sql('DROP DATABASE proctor_provision');
  });

  test('has no backup made of it: the newest stays the one with the data', async () => {
    await lose();
    const { report } = await place.run(['now']);
    expect(report).toMatchObject({ ok: false, fault: 'empty', error: expect.stringContaining('12 rows') });
    expect(report.advice).toMatch(/proctor recover.*--empty/);
    const { backups } = (await place.run(['list'])).report;
    expect(backups!.map((one) => snapshot.startsWith(one.snapshot))).toEqual([true]);
  });

  test.each([
    ['as the first database is read in', 'mariadb|before|CREATE DATABASE .restore_shop_orders'],
    ['as all of them are', "mariadb|before|SET phase = 'swapping'"],
    [
      'when the databases are in place, before the volume is read',
      'restic|before|/volumes --include /frames',
    ],
    ['when the volume is read in', 'restic|after|/volumes --include /frames'],
  ])('killed %s, comes back whole with the next run', async (_, shim) => {
    await lose();
    await place.killedAt(await restore(), shim);
    const { report, said } = await place.run(await restore());
    expect([report.ok, said]).toEqual([true, expect.anything()]);
    await wholeAgain();
  });

  test('goes on with the backup that it began with, whatever was made since', async () => {
    await lose();
    await place.killedAt(await restore(), 'restic|before|/volumes --include /frames');
    // The schedule: rows are there again, the files are not.
    const meanwhile = (await place.run(['now'])).report;
    expect(meanwhile).toMatchObject({ ok: true });
    expect((await missing()).snapshot).toBe(snapshot);
    expect((await place.run(await restore())).report).toMatchObject({ ok: true, snapshot });
    await wholeAgain();
    place.restic('forget', meanwhile.snapshot!);
  });

  test('a volume that was half in place is put there to its end', async () => {
    await lose();
    expect((await place.run(await restore())).report.ok).toBe(true);
    // As a run leaves it that dies while it moves files: one is there, one is not.
    mkdirSync(join(frames, '.restore', 'files'), { recursive: true });
    writeFileSync(join(frames, '.restore', 'files', 'two.bin'), 'frame');
    writeFileSync(join(frames, '.restore', '.whole'), snapshot);
    writeFileSync(join(frames, '.restore', '.old'), '');
    expect(await missing()).toMatchObject({ databases: [], volumes: ['frames'] });
    expect((await place.run(await restore())).report.ok).toBe(true);
    expect(readFileSync(join(frames, 'two.bin'), 'utf8')).toBe('frame');
    await wholeAgain();
  });

  test('a volume belongs to whom it belonged, and lets in whom it let in', async () => {
    const mine = process.getuid!();
    const owner = mine === 0 ? 1234 : mine;
    chownSync(frames, owner, process.getgid!());
    chmodSync(frames, 0o2770);
    const { report: made } = await place.run(['now']);
    expect(made).toMatchObject({ ok: true });
    rmSync(frames, { recursive: true });
    // As Docker makes a new one.
    mkdirSync(frames, { mode: 0o755 });
    const arguments_ = ['restore', '--into', 'platform', '--volume', 'frames', '--snapshot', made.snapshot!];
    // Also where it was killed when all files were there.
    await place.killedAt(arguments_, 'restic|after|/volumes --include /frames');
    expect((await place.run(arguments_)).report).toMatchObject({ ok: true });
    const { uid, mode } = statSync(frames);
    expect([uid, mode & 0o7777]).toEqual([owner, 0o2770]);
    expect(readFileSync(join(frames, 'deep', 'one.bin'), 'utf8')).toBe('frame');
    place.restic('forget', made.snapshot!);
  });

  test('a folder that somebody has made meanwhile is in the way, which is said; nothing goes into it', async () => {
    mkdirSync(join(frames, '.restore', 'files', 'deep'), { recursive: true });
    writeFileSync(join(frames, '.restore', 'files', 'deep', 'three.bin'), 'frame');
    writeFileSync(join(frames, '.restore', '.whole'), snapshot);
    writeFileSync(join(frames, '.restore', '.old'), '');
    const finish = async () => (await place.run(['restore', '--finish'])).report;
    expect(await finish()).toMatchObject({
      ok: false,
      fault: 'unfinished',
      error: expect.stringMatching(/frames is half in place: .*deep/),
    });
    expect(readdirSync(join(frames, 'deep'))).toEqual(['one.bin']);
    rmSync(join(frames, 'deep'), { recursive: true });
    expect(await finish()).toMatchObject({ ok: true });
    expect(readdirSync(join(frames, 'deep'))).toEqual(['three.bin']);
    rmSync(join(frames, 'deep', 'three.bin'));
    writeFileSync(join(frames, 'deep', 'one.bin'), 'frame');
  });

  test('where it was emptied on purpose, that is said, and from then on it is nothing new', async () => {
    await lose();
    expect((await place.run(['now', '--empty'])).report).toMatchObject({ ok: true });
    expect((await place.run(['now'])).report).toMatchObject({ ok: true });
  });

  test('with volumes alone, too, an empty one is no backup after one with files', async () => {
    const alone = new BackupPlace(mariadb, [], { BACKUP_VOLUMES: 'frames' });
    try {
      const file = join(alone.root, 'volumes', 'frames', 'one.bin');
      mkdirSync(join(alone.root, 'volumes', 'frames'), { recursive: true });
      writeFileSync(file, 'frame');
      expect((await alone.run(['now'])).report).toMatchObject({ ok: true });
      rmSync(file);
      expect((await alone.run(['now'])).report).toMatchObject({
        ok: false,
        fault: 'empty',
        error: expect.stringContaining('1 files'),
      });
      expect((await alone.run(['restore', '--into', 'platform', '--volume', 'frames'])).report.ok).toBe(true);
      expect(readFileSync(file, 'utf8')).toBe('frame');
    } finally {
      alone.remove();
    }
  });
});
