import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SECRET_FILES } from '../../../../../contract/backup';
import { BackupPlace } from '../../../../support/backup/backup-place';
import { describeBackup, s3Server } from '../../../../support/backup/backup-programs';
import { Cable } from '../../../../support/backup/cable';
import { fill, makeShop, SHOP, Writer } from '../../../../support/backup/shop';
import { freePorts } from '../../../../support/programs/loopback';
import { TestMariadb } from '../../../operations/provision/mariadb';

describeBackup('what can go wrong with a backup:', () => {
  const mariadb = new TestMariadb();
  let place: BackupPlace;
  const places: BackupPlace[] = [];
  const another = (env: Readonly<Record<string, string>> = {}): BackupPlace => {
    const next = new BackupPlace(mariadb, SHOP, env);
    writeFileSync(join(next.secrets, SECRET_FILES.database), place?.password ?? next.password);
    places.push(next);
    return next;
  };

  beforeAll(async () => {
    mariadb.initialise();
    await mariadb.start();
    await makeShop(mariadb);
    await fill(mariadb, 6);
    place = another({ BACKUP_KEEP_LAST: '2' });
    await place.makeAccounts(false);
    expect((await place.run(['now'])).report.ok).toBe(true);
  });

  afterAll(async () => {
    for (const one of places) one.remove();
    await mariadb.remove();
  });

  const snapshots = async (): Promise<string[]> =>
    ((await place.run(['list'])).report.backups ?? []).map(({ snapshot }) => snapshot);

  /** The repository is good, its newest can be restored, and the next backup is made. */
  const allIsWell = async (): Promise<void> => {
    // restic waits half an hour for a process that it cannot see to be dead; here nobody else is at work.
    expect((await place.run(['unlock'])).report.ok).toBe(true);
    expect((await place.run(['check'])).report).toMatchObject({ ok: true });
    expect((await place.run(['now'])).report).toMatchObject({ ok: true });
  };

  test.each([
    ['before the dump', 'mariadb-dump|before|--databases', 'none'],
    ['in the middle of the dump', 'mariadb-dump|during|--databases', 'none'],
    ['after the dump', 'restic|before|^--no-cache backup', 'none'],
    // On a busy machine restic may have ended before it is killed.
    ['in the middle of the upload', 'restic|during|^--no-cache backup', 'none or one'],
    ['when it is uploaded', 'restic|after|^--no-cache backup', 'one'],
    ['while it is read back', 'restic|before|^--no-cache dump', 'one'],
    ['before older ones go', 'restic|before|^--no-cache forget .*--retry', 'one'],
    ['when older ones were forgotten', 'restic|after|^--no-cache forget .*--retry', 'fewer'],
    ['in the middle of the pruning', 'restic|during|^--no-cache prune', 'fewer'],
  ])('killed %s', async (_, shim, made) => {
    await fill(mariadb, 1);
    const before = await snapshots();
    if (made === 'fewer' || shim.includes('forget')) {
      for (let count = before.length; count < 2; count++) await place.run(['now']);
    }
    const older = await snapshots();
    await place.killedAt(['now'], shim, {
      SHIM_WATCH: shim.startsWith('mariadb-dump')
        ? join(place.root, 'work-now', 'dump')
        : join(place.repository, shim.includes('prune') ? 'index' : 'data'),
    });
    const after = await snapshots();
    if (made === 'none') expect(after).toEqual(older);
    if (made === 'none or one') expect(after.slice(-older.length)).toEqual(older);
    if (made === 'one') expect(after.slice(1)).toEqual(older);
    // The one before it goes only when the new one was good.
    if (made === 'fewer') expect(after[1]).toBe(older[0]);
    await allIsWell();
  });

  test('killed here and there while orders are written: a backup has every order that was acknowledged before it', async () => {
    const writer = new Writer(mariadb);
    await writer.until(20);
    for (const shim of [
      'mariadb-dump|before|--databases',
      'restic|after|^--no-cache backup',
      'restic|before|^--no-cache forget',
    ]) {
      await place.killedAt(['now'], shim);
    }
    expect((await place.run(['unlock'])).report.ok).toBe(true);
    const acknowledged = writer.count;
    // What a killed run held back is free: orders go on.
    await writer.until(acknowledged + 20);
    const { report } = await place.run(['now']);
    await writer.stop();
    expect(report.ok).toBe(true);
    expect((await place.run(['restore'])).report.ok).toBe(true);
    const orders = Number(
      await mariadb.sql("SELECT COUNT(*) FROM restore_shop_orders.orders WHERE text LIKE 'w%'"),
    );
    expect(orders).toBeGreaterThanOrEqual(acknowledged + 20);
    expect(await mariadb.sql('SELECT COUNT(*) FROM restore_shop_stock.taken')).toBe(`${orders}`);
    await place.run(['restore', '--discard']);
    await allIsWell();
  });

  test('a drill that was killed leaves nothing, and the next one is good', async () => {
    await place.killedAt(['drill'], 'restic|before|shop_stock/tables.sql');
    expect((await place.run(['drill'])).report).toMatchObject({ ok: true });
    await allIsWell();
  });

  test("a lock that a killed run left is in nobody's way", async () => {
    await fill(mariadb, 1);
    await place.killedAt(['now'], 'restic|during|^--no-cache backup');
    const [lock] = execFileSync('find', [join(place.repository, 'locks'), '-type', 'f'])
      .toString()
      .split('\n');
    expect(lock).toBeTruthy();
    const { report } = await place.run(['now'], { BACKUP_PATIENCE: '3' });
    expect(report.ok).toBe(true);
    await allIsWell();
  });

  test('what is at work in the repository keeps others out, which is told with what to do', async () => {
    for (let count = 0; count < 2; count++) await place.run(['now']);
    const running = place.start(['now'], {
      SHIM: 'restic|during|^--no-cache prune',
      SHIM_WATCH: join(place.repository, 'locks'),
    });
    await running.untilThere(place.halted);
    // From another container, so that only the repository's own lock is in its way.
    const other = another({ BACKUP_REPOSITORY: place.repository });
    other.secret(SECRET_FILES.repository, place.repositoryPassword);
    const { report } = await other.run(['now'], { BACKUP_PATIENCE: '3' });
    expect(report).toMatchObject({
      ok: false,
      fault: 'locked',
      advice: expect.stringContaining('./proctor backup unlock'),
    });
    running.kill();
    await running.gone;
    await allIsWell();
  });

  test('what a restore reads is not pruned meanwhile, and the backup of that time is good', async () => {
    for (let count = 0; count < 2; count++) await place.run(['now']);
    const restore = place.start(['restore'], {
      SHIM: 'restic|during|^--no-cache dump .*/mariadb/shop_stock/tables.sql',
      SHIM_WATCH: join(place.repository, 'locks'),
    });
    await restore.untilThere(place.halted);
    const other = another({ BACKUP_REPOSITORY: place.repository, BACKUP_KEEP_LAST: '1' });
    other.secret(SECRET_FILES.repository, place.repositoryPassword);
    const { report } = await other.run(['now'], { BACKUP_PATIENCE: '3' });
    expect(report).toMatchObject({
      ok: true,
      warnings: [expect.stringContaining('what is too old could not be removed')],
    });
    place.release();
    expect((await restore.end()).report).toMatchObject({ ok: true });
    await place.run(['restore', '--discard']);
    await allIsWell();
  });

  test('a restore does not wait for somebody who prunes, and waits for nobody who died at it', async () => {
    for (let count = 0; count < 2; count++) await place.run(['now']);
    const running = place.start(['now'], {
      SHIM: 'restic|during|^--no-cache prune',
      SHIM_WATCH: join(place.repository, 'locks'),
    });
    await running.untilThere(place.halted);
    const { report } = await place.run(['restore']);
    expect(report).toMatchObject({ ok: true, warnings: [expect.stringContaining('was locked by somebody')] });
    running.kill();
    await running.gone;
    await place.run(['restore', '--discard']);
    await allIsWell();
  });

  test('a store that can only be read is restored from all the same', async () => {
    const read = join(place.folder, 'read');
    mkdirSync(read);
    const mounted = spawnSync('mount', ['--bind', place.repository, read]);
    if (mounted.status !== 0) return console.warn('SKIPPED: nothing can be mounted here');
    try {
      execFileSync('mount', ['-o', 'remount,ro,bind', read]);
      const env = { BACKUP_REPOSITORY: read, BACKUP_PATIENCE: '20' };
      const { report, said } = await place.run(['restore'], env);
      expect(report).toMatchObject({ ok: true });
      expect(said).toContain('it is read without a lock');
      await place.run(['restore', '--discard']);
    } finally {
      spawnSync('umount', ['-l', read]);
    }
  });

  test('a dump that is cut off is not uploaded, and nothing older goes', async () => {
    const before = await snapshots();
    const { report } = await place.run(['now'], { SHIM: 'mariadb-dump|cut|--databases' });
    expect(report).toMatchObject({ ok: false, fault: 'cut-off' });
    expect(report.advice).toMatch(/nothing was uploaded, nothing removed/i);
    expect(await snapshots()).toEqual(before);
  });

  test('MariaDB that dies in the middle of the dump', async () => {
    const before = await snapshots();
    const running = place.start(['now'], { SHIM: 'mariadb-dump|before|--databases' });
    await running.untilThere(place.halted);
    await mariadb.stop('SIGKILL');
    const { report } = await running.end();
    expect(report).toMatchObject({ ok: false, fault: 'database' });
    await mariadb.start();
    expect((await place.run(['now'], { BACKUP_DB_PORT: `${mariadb.port}` })).report.ok).toBe(true);
    expect(await snapshots()).toContain(before[0]);
  });

  test('a wrong key is said, and nothing is written', async () => {
    const wrong = join(place.folder, 'wrong');
    mkdirSync(wrong, { recursive: true });
    writeFileSync(join(wrong, SECRET_FILES.repository), 'another');
    writeFileSync(join(wrong, SECRET_FILES.database), place.password);
    for (const command of ['now', 'list', 'restore', 'check', 'drill', 'ship']) {
      const { report } = await place.run([command], { BACKUP_SECRETS: wrong });
      expect(report).toMatchObject({ ok: false, fault: 'wrong-key' });
      expect(report.advice).toContain('without it no backup in it can be read');
    }
  });

  test('a repository of another platform is refused, and read only where that is said', async () => {
    for (const command of ['now', 'list', 'drill', 'restore', 'check', 'ship']) {
      const { report } = await place.run([command], { BACKUP_PLATFORM: 'staging' });
      expect(report).toMatchObject({ ok: false, fault: 'other-platform' });
      expect(report.error).toContain('backups of shop');
    }
    const { report } = await place.run(['restore', '--of', 'shop'], { BACKUP_PLATFORM: 'staging' });
    expect(report).toMatchObject({ ok: true, platform: 'staging' });
    await place.run(['restore', '--discard']);
  });

  test('no repository is said by all but now', async () => {
    const { report } = await another().run(['list']);
    expect(report).toMatchObject({ ok: false, fault: 'no-repository' });
  });

  test('a bit that flipped is found by check, by the read back of the next backup and by a drill', async () => {
    const sick = another({ BACKUP_KEEP_LAST: '1' });
    const first = (await sick.run(['now'])).report;
    expect(first.ok).toBe(true);
    const pack = sick.packs().at(-1)!;
    const bytes = readFileSync(pack);
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    spawnSync('chmod', ['u+w', pack]);
    writeFileSync(pack, bytes);
    const stock = 'SELECT COUNT(*), SUM(CRC32(data)) FROM shop_stock.bulk';
    const before = await mariadb.sql(stock);
    for (const command of ['check', 'drill', 'now', 'restore --into platform']) {
      const { report } = await sick.run(command.split(' '));
      expect(report).toMatchObject({ ok: false, fault: expect.stringMatching(/damaged/) });
      expect(report.advice).toContain('repair');
    }
    expect(await mariadb.sql(stock)).toBe(before);
    // By whoever looks next, too.
    expect((await sick.run(['list'])).report.checked).toMatchObject({
      ok: false,
      error: expect.stringMatching(/^pack [0-9a-f]{64} contains/),
    });
    // Not good, so nothing older went for it.
    const kept = (await sick.run(['list'])).report.backups!;
    expect(kept.map(({ snapshot }) => first.snapshot!.startsWith(snapshot))).toContain(true);
    // What the advice says.
    const [name] = /[0-9a-f]{64}$/.exec(pack)!;
    sick.restic('repair', 'packs', name);
    expect((await sick.run(['now'])).report).toMatchObject({ ok: true });
    expect((await sick.run(['drill'])).report).toMatchObject({ ok: true });
    expect((await sick.run(['check'])).report).toMatchObject({ ok: true });
    expect((await sick.run(['list'])).report.checked).toEqual({ time: expect.any(String), ok: true });
  });

  test.each([
    ['was killed for want of memory', 'killed', 'unknown', 'more memory'],
    ['lost its way to the store', 'lost', 'unreachable', 'network'],
  ])('a check that %s is said, and is no damage', async (_, what, fault, advice) => {
    expect((await place.run(['check'])).report).toMatchObject({ ok: true });
    const { report } = await place.run(['check'], { SHIM: `restic|${what}|^--no-cache check` });
    expect(report).toMatchObject({ ok: false, fault, advice: expect.stringContaining(advice) });
    expect((await place.run(['list'])).report.checked).toMatchObject({ ok: true });
  });

  test('a clock that was an hour ahead costs no backup, and is told of', async () => {
    const clock = another({ BACKUP_KEEP_LAST: '1' });
    expect((await clock.run(['now'], { SHIM: 'restic|future|^--no-cache backup' })).report.ok).toBe(true);
    await fill(mariadb, 1);
    const { report } = await clock.run(['now']);
    expect(report).toMatchObject({ ok: true, warnings: [expect.stringContaining('future')] });
    const { backups } = (await clock.run(['list'])).report;
    expect(report.snapshot).toContain(backups![0]!.snapshot);
    expect((await clock.run(['drill'])).report).toMatchObject({ ok: true, snapshot: report.snapshot });
  });

  test('a work folder without room is said before anything is dumped', async () => {
    const small = another();
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', small.root]);
    if (mounted.status !== 0) return console.warn('SKIPPED: no tmpfs can be mounted here');
    try {
      const { report } = await small.run(['now']);
      expect(report).toMatchObject({
        ok: false,
        fault: 'full',
        error: expect.stringContaining('has room for'),
      });
      expect(report.advice).toContain('work folder');
    } finally {
      spawnSync('umount', ['-l', small.root]);
    }
  });

  test('a work folder in which the throw-away server has no room is said before it is started', async () => {
    const small = another();
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=200m', 'tmpfs', small.root]);
    if (mounted.status !== 0) return console.warn('SKIPPED: no tmpfs can be mounted here');
    try {
      expect((await small.run(['now'])).report).toMatchObject({ ok: true });
      const { report, said } = await small.run(['drill']);
      expect(report).toMatchObject({
        ok: false,
        fault: 'full',
        error: expect.stringContaining('of a drill'),
      });
      expect(said).not.toContain('throw-away server\n');
      // No word on the backup.
      expect((await small.run(['list'])).report.drilled).toBeUndefined();
    } finally {
      spawnSync('umount', ['-l', small.root]);
    }
  });

  test('a folder without room is said; the repository stays good, and goes on when there is some', async () => {
    const full = another({ BACKUP_KEEP_LAST: '3' });
    mkdirSync(full.repository);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', full.repository]);
    if (mounted.status !== 0) return console.warn('SKIPPED: no tmpfs can be mounted here');
    try {
      expect((await full.run(['now'])).report.ok).toBe(true);
      await fill(mariadb, 20);
      const { report } = await full.run(['now']);
      expect(report).toMatchObject({ ok: false, fault: 'full' });
      expect(report.advice).toContain('make room');
      expect((await full.run(['list'])).report.backups).toHaveLength(1);
      expect((await full.run(['check'])).report.ok).toBe(true);
      execFileSync('mount', ['-o', 'remount,size=200m', full.repository]);
      expect((await full.run(['now'])).report.ok).toBe(true);
    } finally {
      spawnSync('umount', ['-l', full.repository]);
    }
  });

  test('a repository that does not answer is said within the time that it may take', async () => {
    const far = another({ BACKUP_REPOSITORY: 's3:http://127.0.0.1:1/bucket', BACKUP_PATIENCE: '3' });
    far.secret(SECRET_FILES.s3KeyId, 'id');
    far.secret(SECRET_FILES.s3Key, 'key');
    const { report } = await far.run(['now']);
    expect(report).toMatchObject({ ok: false, fault: 'unreachable' });
    expect(report.advice).toContain('network');
  });

  (s3Server ? describe : describe.skip)('an S3-compatible store', () => {
    let server: ChildProcess;
    let far: BackupPlace;
    let cable: Cable;
    let port: number;
    const startServer = async () => {
      server = spawn(s3Server!, ['-H', '127.0.0.1', '-p', `${port}`], { stdio: 'ignore' });
      const url = `http://127.0.0.1:${port}/shop`;
      for (let tries = 0; tries < 600; tries++) {
        const made = await fetch(url, {
          method: 'PUT',
          headers: { authorization: 'AWS4-HMAC-SHA256 Credential=id/20260101/us-east-1/s3/aws4_request' },
        }).catch(() => undefined);
        if (made?.ok) return;
        await new Promise((done) => setTimeout(done, 100));
      }
      throw new Error('moto_server does not answer');
    };

    beforeAll(async () => {
      let entry: number;
      [port, entry] = (await freePorts(2)) as [number, number];
      await startServer();
      cable = new Cable(entry, port);
      await cable.open();
      far = another({ BACKUP_REPOSITORY: `s3:http://127.0.0.1:${entry}/shop/backup`, BACKUP_PATIENCE: '10' });
      far.secret(SECRET_FILES.s3KeyId, 'id');
      far.secret(SECRET_FILES.s3Key, 'secret-key-of-s3');
    });

    afterAll(() => {
      cable?.close();
      server?.kill('SIGKILL');
    });

    test('takes a backup, whose drill is good; the key is in no argument', async () => {
      expect((await far.run(['now'])).report).toMatchObject({ ok: true, created: true });
      expect((await far.run(['drill'])).report).toMatchObject({ ok: true });
      expect(far.calls).not.toContain('secret-key-of-s3');
    });

    test('that is gone in the middle of an upload, and back, has the whole of it', async () => {
      await fill(mariadb, 20);
      const before = cable.sent;
      const running = far.start(['now']);
      const until = async (so: () => boolean) => {
        while (!so()) await new Promise((done) => setTimeout(done, 5));
      };
      await until(() => cable.sent > before + 4_000_000);
      cable.cut();
      expect(running.said).not.toContain('reading back');
      await until(() => cable.refused > 1);
      cable.mend();
      expect((await running.end()).report).toMatchObject({ ok: true });
      expect((await far.run(['drill'])).report).toMatchObject({ ok: true });
    });

    test('that does not come back is said', async () => {
      server.kill('SIGKILL');
      expect((await far.run(['now'])).report).toMatchObject({ ok: false, fault: 'unreachable' });
    });
  });

  test('a volume is backed up, comes back, and a restore that was killed is finished', async () => {
    const shared = another({ BACKUP_VOLUMES: 'frames', BACKUP_DATABASES: '' });
    const frames = join(shared.root, 'volumes', 'frames');
    mkdirSync(join(frames, 'deep'), { recursive: true });
    writeFileSync(join(frames, 'deep', 'a b.bin'), Buffer.alloc(300_000, 7));
    writeFileSync(join(frames, '.hidden'), 'x');
    const { report } = await shared.run(['now']);
    expect(report).toMatchObject({ ok: true, volumes: ['frames'] });
    expect((await shared.run(['drill'])).report.ok).toBe(true);
    rmSync(join(frames, 'deep'), { recursive: true });
    writeFileSync(join(frames, '.hidden'), 'y');
    writeFileSync(join(frames, 'newer'), 'z');
    await shared.killedAt(
      ['restore', '--volume', 'frames', '--into', 'platform'],
      'restic|before|^--no-cache restore .*/volumes --include /frames',
    );
    expect(readFileSync(join(frames, 'newer'), 'utf8')).toBe('z');
    const beside = (await shared.run(['restore'])).report;
    expect(beside).toMatchObject({ ok: true, into: 'scratch', volumes: ['frames'] });
    const copy = join(frames, `restore_${beside.snapshot}`);
    expect(readFileSync(join(copy, '.hidden'), 'utf8')).toBe('x');
    expect(readFileSync(join(frames, '.hidden'), 'utf8')).toBe('y');
    mkdirSync(join(frames, 'restore_me'));
    expect((await shared.run(['restore', '--discard'])).report.ok).toBe(true);
    expect([existsSync(copy), existsSync(join(frames, 'restore_me'))]).toEqual([false, true]);
    const back = await shared.run(['restore', '--volume', 'frames', '--into', 'platform']);
    expect(back.report).toMatchObject({ ok: true, volumes: ['frames'] });
    expect(readFileSync(join(frames, 'deep', 'a b.bin'))).toHaveLength(300_000);
    expect(readFileSync(join(frames, '.hidden'), 'utf8')).toBe('x');
    expect(existsSync(join(frames, 'newer'))).toBe(false);
    expect(readFileSync(join(frames, '.replaced', 'newer'), 'utf8')).toBe('z');
  });
});
