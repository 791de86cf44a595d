import { spawn, spawnSync } from 'node:child_process';
import { BackupPlace } from '../../../../support/backup/backup-place';
import { describeBackup } from '../../../../support/backup/backup-programs';
import { fill, makeShop, SHOP } from '../../../../support/backup/shop';
import { TestMariadb } from '../../../operations/provision/mariadb';

/** `npm run bench:backup` says more. */
const MEBIBYTES = Number(process.env.BACKUP_MIB ?? 8);

/** Orders one after the other, each committed, and how long each of them took. */
class Orders {
  readonly milliseconds: number[] = [];
  private readonly child;
  private readonly ended: Promise<unknown>;
  private asked = 0;

  constructor(mariadb: TestMariadb) {
    this.child = spawn(`${mariadb.folder}/mariadb`, [
      '-uroot',
      '--unbuffered',
      '--batch',
      '--skip-column-names',
    ]);
    this.ended = new Promise((done) => this.child.once('close', done));
    this.child.stdout.on('data', () => {
      this.milliseconds.push(performance.now() - this.asked);
      this.next();
    });
    this.next();
  }

  async stop(): Promise<string> {
    this.child.kill('SIGKILL');
    await this.ended;
    const sorted = this.milliseconds.slice(1).sort((one, other) => one - other);
    const at = (part: number) => sorted[Math.floor(sorted.length * part)]?.toFixed(1);
    return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${sorted.at(-1)?.toFixed(0)} ms of ${sorted.length}`;
  }

  private next(): void {
    this.asked = performance.now();
    this.child.stdin.write("INSERT INTO shop_stock.taken (order_id) VALUES (1); SELECT 'x';\n");
  }
}

describeBackup(`what a backup of ${MEBIBYTES} MiB costs`, () => {
  const mariadb = new TestMariadb();
  let place: BackupPlace;

  beforeAll(async () => {
    mariadb.initialise();
    await mariadb.start(['--innodb-buffer-pool-size=256M', '--max-allowed-packet=64M']);
    await makeShop(mariadb);
    for (let left = MEBIBYTES; left > 0; left -= 100) await fill(mariadb, Math.min(left, 100));
    place = new BackupPlace(mariadb, SHOP);
    await place.makeAccounts(false);
  });

  afterAll(async () => {
    place.remove();
    await mariadb.remove();
  });

  test('time, bytes and what others notice; a restore beside one by hand', async () => {
    const lines: string[] = [];
    const idle = new Orders(mariadb);
    await new Promise((done) => setTimeout(done, 3000));
    lines.push(`orders without a backup: ${await idle.stop()}`);
    const orders = new Orders(mariadb);
    const first = (await place.run(['now'])).report;
    lines.push(`first: ${first.seconds} s, ${first.bytes} bytes, the repository grew by ${first.added}`);
    lines.push(`orders meanwhile: ${await orders.stop()}`);
    const second = (await place.run(['now'])).report;
    lines.push(
      `second: ${second.seconds} s, grew by ${second.added}: ${((100 * second.added!) / first.added!).toFixed(2)} % of the first`,
    );
    const restore = (await place.run(['restore', '--into', 'platform', '--database', 'shop_stock'])).report;
    expect([first.ok, second.ok, restore.ok]).toEqual([true, true, true]);
    await mariadb.sql('CREATE DATABASE by_hand');
    const socket = `--socket=${mariadb.folder}/socket -uroot`;
    const begun = performance.now();
    const { status } = spawnSync('sh', [
      '-c',
      `mariadb-dump --no-defaults ${socket} --single-transaction shop_stock | mariadb --no-defaults ${socket} by_hand`,
    ]);
    const byHand = (performance.now() - begun) / 1000;
    expect(status).toBe(0);
    lines.push(
      `restore: ${restore.seconds} s; mariadb-dump | mariadb: ${byHand.toFixed(1)} s; ${(restore.seconds / byHand).toFixed(2)} times`,
    );
    const drill = (await place.run(['drill'])).report;
    expect(drill.ok).toBe(true);
    lines.push(`drill: ${drill.seconds} s`);
    if (process.env.BACKUP_MIB) process.stdout.write(`\n${lines.join('\n')}\n`);
  });
});
