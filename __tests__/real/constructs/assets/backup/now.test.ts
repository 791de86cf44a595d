import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SCRIPT_FILES } from '../../../../../contract/backup';
import { BackupPlace } from '../../../../support/backup/backup-place';
import { describeBackup } from '../../../../support/backup/backup-programs';
import { fill, makeShop, SHOP, Writer } from '../../../../support/backup/shop';
import { TestMariadb } from '../../../operations/provision/mariadb';

const SCRIPTS = resolve(__dirname, '../../../../../constructs/assets/backup');

test('the contract names the scripts that are there, and shellcheck finds nothing in them', () => {
  expect(readdirSync(SCRIPTS).sort()).toEqual([...SCRIPT_FILES].sort());
  const { error, stdout } = spawnSync('shellcheck', ['-x', `${SCRIPTS}/backup.sh`], { encoding: 'utf8' });
  if (error) return console.warn('SKIPPED: shellcheck is not here');
  expect(stdout).toBe('');
});

describeBackup('backup.sh now, with restic and MariaDB:', () => {
  const mariadb = new TestMariadb();
  let place: BackupPlace;

  beforeAll(async () => {
    mariadb.initialise();
    await mariadb.start();
    await makeShop(mariadb);
    place = new BackupPlace(mariadb, SHOP, { BACKUP_KEEP_LAST: '50' });
    await place.makeAccounts(false);
  });

  afterAll(async () => {
    place.remove();
    await mariadb.remove();
  });

  test('makes a repository, and a backup that says what is in it', async () => {
    const { report, status, said } = await place.run(['now']);
    expect(report).toMatchObject({ backup: 'now', platform: 'shop', ok: true, created: true, removed: 0 });
    expect(report.databases).toEqual({
      shop_orders: { tables: 7, rows: 4 + 3 + 1 + 1 + 2 },
      shop_stock: { tables: 2, rows: 1 },
    });
    expect(report.added).toBeGreaterThan(0);
    expect(status).toBe(0);
    expect(said).toContain('is good');
    const manifest = JSON.parse(place.restic('dump', report.snapshot!, '/mariadb/manifest.json'));
    expect(manifest).toMatchObject({
      platform: 'shop',
      databases: {
        shop_orders: {
          characterSet: 'utf8mb4',
          views: 4,
          triggers: 1,
          routines: 2,
          events: 1,
          tables: { 'odd `name-ß': { rows: 1, kind: 'table', sum: expect.stringMatching(/^\d+$/) } },
        },
      },
    });
  });

  test('no secret is in an argument list or in what is said', async () => {
    const { report, said } = await place.run(['now']);
    for (const text of [place.calls, said, JSON.stringify(report)]) {
      expect(text).not.toContain(place.password);
      expect(text).not.toContain(place.repositoryPassword);
    }
    expect(place.calls).toContain('restic');
  });

  test('list tells of the backups, newest first, and check reads them all', async () => {
    const list = await place.run(['list']);
    expect(list.report).toMatchObject({ ok: true, backups: [{ databases: [...SHOP] }, {}] });
    expect(list.report.repository).toBe(JSON.parse(place.restic('cat', 'config')).id);
    const check = await place.run(['check']);
    expect(check.report).toMatchObject({ backup: 'check', ok: true });
  });

  test('a backup while orders are written is of one moment, and no order waits for the dump', async () => {
    await fill(mariadb, 22);
    const writer = new Writer(mariadb);
    await writer.until(20);
    const running = place.start(['now']);
    await running.until('dumping 2 databases');
    const before = writer.count;
    await running.until('uploading');
    expect(writer.count).toBeGreaterThan(before);
    const { report } = await running.end();
    expect(await writer.stop()).toBeGreaterThan(report.databases!.shop_stock!.rows - 1 - 22 * 900);
    expect(report.ok).toBe(true);
    const { databases } = JSON.parse(place.restic('dump', report.snapshot!, '/mariadb/manifest.json'));
    const taken = databases.shop_stock.tables.taken.rows;
    expect(databases.shop_orders.tables.orders.rows).toBe(taken + 4);
    expect(databases.shop_orders.tables.log.rows).toBe(taken);
    const dumped = place.restic('dump', report.snapshot!, '/mariadb/shop_stock/tables.sql');
    const inserted = /INSERT INTO `taken` VALUES\n([^;]*);/.exec(dumped)![1]!.split('\n');
    expect(inserted).toHaveLength(taken);
  });

  test('the next one adds hardly anything', async () => {
    const { report } = await place.run(['now']);
    expect(report.bytes).toBeGreaterThan(20_000_000);
    expect(report.added! / report.bytes!).toBeLessThan(0.1);
  });

  test('the policy removes what is too old, and never the newest', async () => {
    const { report } = await place.run(['now'], { BACKUP_KEEP_LAST: '2' });
    expect(report).toMatchObject({ ok: true, removed: 3 });
    const { backups } = (await place.run(['list'])).report;
    expect(backups).toHaveLength(2);
    expect(report.snapshot).toContain(backups![0]!.snapshot);
  });

  test('an account that may not see all makes no backup', async () => {
    await mariadb.sql("REVOKE TRIGGER ON `shop\\_stock`.* FROM shop_backup@'%'");
    const { report, status } = await place.run(['now']);
    expect(status).toBe(1);
    expect(report).toMatchObject({ ok: false, fault: 'database', error: expect.stringContaining('TRIGGER') });
    expect(report.advice).toContain('backupGrants');
    await mariadb.sql("GRANT TRIGGER ON `shop\\_stock`.* TO shop_backup@'%'");
  });

  test.each([
    ['a database that is not there', { BACKUP_DATABASES: 'shop_orders nowhere' }, 'database', 'nowhere'],
    ['a platform without a name', { BACKUP_PLATFORM: '' }, 'settings', 'BACKUP_PLATFORM'],
    ['a name that is none', { BACKUP_DATABASES: "a'b" }, 'settings', "a'b"],
    ['a policy that is none', { BACKUP_KEEP_DAILY: 'seven' }, 'settings', 'BACKUP_KEEP'],
    ['a server that does not answer', { BACKUP_DB_PORT: '1' }, 'database', 'logging in'],
    ['a wrong account', { BACKUP_DB_USER: 'nobody' }, 'database', 'refuses the account'],
    ['secrets that are not there', { BACKUP_SECRETS: '/nowhere' }, 'settings', 'repository_password'],
  ])('%s is said, with what to do', async (_, env, fault, error) => {
    const { report, status } = await place.run(['now'], env);
    expect(report).toMatchObject({ ok: false, fault, error: expect.stringContaining(error) });
    expect(report.advice).toBeTruthy();
    expect(status).toBe(fault === 'database' ? 1 : error === "a'b" ? 64 : 78);
  });

  test('FLOAT, of which a dump keeps six digits, and tables without transactions are warned of', async () => {
    await mariadb.sql(
      'CREATE TABLE shop_stock.f (x FLOAT); INSERT INTO shop_stock.f VALUES (16777217); CREATE TABLE shop_stock.m (x INT) ENGINE=MyISAM',
    );
    const { report } = await place.run(['now']);
    expect(report.warnings).toEqual([
      expect.stringMatching(/not InnoDB: shop_stock\.m/),
      expect.stringMatching(/FLOAT .* shop_stock\.f/),
    ]);
    await mariadb.sql('DROP TABLE shop_stock.f, shop_stock.m');
  });

  test('a broken view is warned of, and all else is in the backup', async () => {
    await mariadb.sql(
      'USE shop_stock; CREATE TABLE gone (i INT); CREATE VIEW broken AS SELECT i FROM gone; DROP TABLE gone',
    );
    const { report } = await place.run(['now']);
    expect(report).toMatchObject({ ok: true, warnings: [expect.stringContaining('broken')] });
    expect((await place.run(['drill'])).report.ok).toBe(true);
    await mariadb.sql('DROP VIEW shop_stock.broken');
  });

  test('a second one at the same time is refused, and is told of', async () => {
    const first = place.start(['now']);
    await first.until('dumping');
    const second = await place.run(['now']);
    expect(second.report).toMatchObject({ ok: false, fault: 'locked' });
    expect((await first.end()).report.ok).toBe(true);
  });

  test('SIGTERM ends it at once, in words, and nothing is half done', async () => {
    const before = JSON.parse(place.restic('snapshots', '--json')).length;
    const running = place.start(['now'], { SHIM: 'mariadb-dump|before|--databases' });
    await running.untilThere(place.halted);
    running.signal('SIGTERM');
    const { report, status } = await running.end();
    expect(report).toMatchObject({ ok: false, fault: 'interrupted' });
    expect(status).toBe(143);
    expect(JSON.parse(place.restic('snapshots', '--json'))).toHaveLength(before);
    expect(readdirSync(place.root).filter((name) => name.startsWith('work'))).toEqual([]);
  });

  test('a work folder that cannot be written is said', async () => {
    const file = join(place.folder, 'file');
    writeFileSync(file, '');
    const { report, status } = await place.run(['now'], { BACKUP_ROOT: file });
    expect(report).toMatchObject({ ok: false, fault: 'settings' });
    expect(status).toBe(78);
  });
});
