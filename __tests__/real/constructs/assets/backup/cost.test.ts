import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupReport } from '../../../../../contract/backup';
import { type Latency, latencyOf, type Made, type MeasuredBackup } from '../../../../../proof/backup/figures';
import { BackupPlace } from '../../../../support/backup/backup-place';
import { describeBackup } from '../../../../support/backup/backup-programs';
import { fill, makeShop, SHOP } from '../../../../support/backup/shop';
import { TestMariadb } from '../../../operations/provision/mariadb';

/** `./proctor bench backup` says more. */
const MEBIBYTES = Number(process.env.BACKUP_MIB ?? 8);
const ROUNDS = Number(process.env.BACKUP_ROUNDS ?? 1);

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
    // One that was on its way when it was ended.
    this.child.stdin.on('error', () => {});
    this.child.stdout.on('data', () => {
      this.milliseconds.push(performance.now() - this.asked);
      this.next();
    });
    this.next();
  }

  async stop(): Promise<Latency> {
    this.child.kill('SIGKILL');
    await this.ended;
    return latencyOf(this.milliseconds.slice(1));
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

  const timed = async (work: () => unknown): Promise<number> => {
    const begun = performance.now();
    await work();
    return (performance.now() - begun) / 1000;
  };

  /** Without what other tests put before each program. */
  const plain = (): Record<string, string> => {
    const folder = join(place.folder, 'plain');
    if (mkdirSync(folder, { recursive: true })) {
      symlinkSync(join(place.bin, 'real-restic'), join(folder, 'restic'));
    }
    return { PATH: `${folder}:/usr/sbin:${process.env.PATH}` };
  };

  const done = async (...args: string[]): Promise<BackupReport> => {
    const { report, said } = await place.run(args, plain());
    if (!report.ok) throw new Error(said);
    return report;
  };

  const byHand = (): void => {
    const socket = `--socket=${mariadb.folder}/socket -uroot`;
    const { status } = spawnSync('sh', [
      '-c',
      `mariadb-dump --no-defaults ${socket} --single-transaction shop_stock | mariadb --no-defaults ${socket} by_hand`,
    ]);
    expect(status).toBe(0);
  };

  const made = ({ seconds, bytes = 0, added = 0 }: BackupReport): Made => ({ seconds, bytes, added });

  test('time, bytes and what others notice; a restore beside one by hand', async () => {
    const idle = new Orders(mariadb);
    await new Promise((rest) => setTimeout(rest, 3000));
    const quiet = await idle.stop();
    const orders = new Orders(mariadb);
    const first = made(await done('now'));
    const meanwhile = await orders.stop();
    const second = made(await done('now'));
    const rounds: MeasuredBackup['rounds'][number][] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const restore = await timed(() => done('restore', '--into', 'platform', '--database', 'shop_stock'));
      await done('restore', '--discard');
      await mariadb.sql('CREATE OR REPLACE DATABASE by_hand');
      rounds.push({ restore, byHand: await timed(byHand) });
      await mariadb.sql('DROP DATABASE by_hand');
    }
    const drill = (await done('drill')).seconds;
    expect(await mariadb.sql('SELECT COUNT(*) FROM shop_stock.bulk')).toBe(`${MEBIBYTES * 900}`);
    const measured: MeasuredBackup = {
      mebibytes: MEBIBYTES,
      ...{ first, second, quiet, meanwhile, rounds, drill },
    };
    if (process.env.BACKUP_RESULT) writeFileSync(process.env.BACKUP_RESULT, JSON.stringify(measured));
  });
});
