import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { SECRET_FILES } from '../../../../../contract/backup';
import { BackupPlace } from '../../../../support/backup/backup-place';
import { describeBackup } from '../../../../support/backup/backup-programs';
import { Cable } from '../../../../support/backup/cable';
import { fill, makeShop, SHOP } from '../../../../support/backup/shop';
import { freePorts } from '../../../../support/programs/loopback';
import { HAS_SSHD, RealSshd } from '../../../../support/programs/sshd';
import { TestMariadb } from '../../../operations/provision/mariadb';

const { username } = userInfo();

(HAS_SSHD ? describeBackup : describe.skip)('a server with SFTP:', () => {
  const mariadb = new TestMariadb();
  const servers: RealSshd[] = [];
  const places: BackupPlace[] = [];
  let server: RealSshd;
  let place: BackupPlace;
  let cable: Cable;

  const serverWith = async (settings: string): Promise<RealSshd> => {
    const next = new RealSshd();
    servers.push(next);
    return next.start(settings);
  };
  const repositoryOf = (path: string, port = server.port) => `sftp://${username}@127.0.0.1:${port}/${path}`;
  /** A secret has no line break at its end. */
  const keyIn = (file: string) => readFileSync(file, 'utf8').trimEnd();
  /** As the container is: nobody's home, and /tmp in memory. */
  const another = (env: Readonly<Record<string, string>> = {}): BackupPlace => {
    const next = new BackupPlace(mariadb, SHOP, { HOME: '/nowhere', BACKUP_PATIENCE: '15', ...env });
    places.push(next);
    const temporary = join(next.folder, 'temporary');
    mkdirSync(temporary);
    Object.assign(next.env, {
      TMPDIR: temporary,
      BACKUP_KNOWN_HOSTS: env.BACKUP_KNOWN_HOSTS ?? server.at('known'),
      BACKUP_REPOSITORY: env.BACKUP_REPOSITORY ?? repositoryOf(next.repository),
    });
    next.secret(SECRET_FILES.sftpKey, keyIn(server.at('key')));
    next.secret(SECRET_FILES.database, place?.password ?? next.password);
    return next;
  };
  /** The key is in no folder when a run has ended. */
  const left = (one: BackupPlace) => readdirSync(join(one.folder, 'temporary'));

  beforeAll(async () => {
    mariadb.initialise();
    await mariadb.start();
    await makeShop(mariadb);
    server = new RealSshd();
    servers.push(server);
    mkdirSync(server.at('home'));
    await server.start(`Subsystem sftp internal-sftp -d ${server.at('home')}`);
    place = another();
    await place.makeAccounts(false);
    const [entry] = (await freePorts(1)) as [number];
    cable = new Cable(entry, server.port);
    await cable.open();
    const key = readFileSync(server.at('host_key.pub'), 'utf8');
    writeFileSync(server.at('known'), `[127.0.0.1]:${entry} ${key}[127.0.0.1]:${server.port} ${key}`);
  });

  afterAll(async () => {
    cable?.close();
    for (const one of places) one.remove();
    for (const one of servers) one.stop();
    await mariadb.remove();
  });

  test('takes a backup, which is listed, checked, drilled and restored; the key is in no argument, and stays nowhere', async () => {
    expect((await place.run(['now'])).report).toMatchObject({ ok: true, created: true });
    const { report } = await place.run(['now']);
    expect(report).toMatchObject({ ok: true });
    expect(report.created).toBeUndefined();
    expect((await place.run(['list'])).report.backups).toHaveLength(2);
    expect((await place.run(['check'])).report).toMatchObject({ ok: true });
    expect((await place.run(['drill'])).report).toMatchObject({ ok: true });
    const restored = await place.run(['restore']);
    expect(restored.report).toMatchObject({ ok: true, into: 'scratch' });
    expect(await mariadb.sql('SELECT COUNT(*) FROM restore_shop_orders.orders')).toBe('4');
    await place.run(['restore', '--discard']);
    const body = keyIn(server.at('key')).split('\n')[2]!;
    expect(place.calls + restored.said).not.toContain(body);
    expect(spawnSync('grep', ['-rl', body, place.root]).stdout.toString()).toBe('');
    expect(left(place)).toEqual([]);
  });

  test('a folder without / is one below that of the login, and is made', async () => {
    const below = another({ BACKUP_REPOSITORY: repositoryOf('exam/shop') });
    expect((await below.run(['now'])).report).toMatchObject({ ok: true, created: true });
    expect(readdirSync(server.at('home/exam/shop'))).toContain('config');
  });

  test.each([
    ['another one', 'changed', ''],
    ['none', 'none', '# nothing\n'],
  ])('a host key where %s is known is refused, and nothing is sent', async (_, name, lines) => {
    if (lines) writeFileSync(server.at(name), lines);
    const stranger = another({ BACKUP_KNOWN_HOSTS: server.at(name) });
    const { report } = await stranger.run(['now']);
    expect(report).toMatchObject({
      fault: 'unreachable',
      error: expect.stringContaining(
        `127.0.0.1:${server.port} shows a host key that knownHosts does not have`,
      ),
      advice: expect.stringContaining('ssh-keyscan'),
    });
    expect(spawnSync('ls', [stranger.repository]).status).not.toBe(0);
    expect(left(stranger)).toEqual([]);
  });

  test('a key that the server does not know is refused, and told by its fingerprint', async () => {
    place.secret(SECRET_FILES.sftpKey, keyIn(server.at('strange_key')));
    const { report } = await place.run(['list']);
    place.secret(SECRET_FILES.sftpKey, keyIn(server.at('key')));
    const print = execFileSync('ssh-keygen', ['-lf', server.at('strange_key.pub')])
      .toString()
      .split(' ')[1];
    expect(report).toMatchObject({
      fault: 'unreachable',
      error: expect.stringContaining(`refuses the login with sftp_key, ${print}`),
      advice: expect.stringContaining('authorized_keys'),
    });
    expect(JSON.stringify(report)).not.toContain('s3_key');
  });

  test('what is no key, or has a passphrase, is said before anybody is asked', async () => {
    const locked = server.at('locked');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret', '-f', locked]);
    for (const key of [keyIn(locked), keyIn(server.at('key.pub')), keyIn(server.at('key')).slice(0, 200)]) {
      place.secret(SECRET_FILES.sftpKey, key);
      const { report, status } = await place.run(['list']);
      expect(report).toMatchObject({ fault: 'settings', error: expect.stringContaining('sftp_key') });
      expect(status).toBe(78);
      expect(left(place)).toEqual([]);
    }
    place.secret(SECRET_FILES.sftpKey, keyIn(server.at('key')));
    expect((await place.run(['list'])).report.ok).toBe(true);
  });

  test('known hosts or a key that are not there are said', async () => {
    const { report } = await place.run(['list'], { BACKUP_KNOWN_HOSTS: '/nowhere' });
    expect(report).toMatchObject({ fault: 'settings', error: expect.stringContaining('known_hosts') });
    const keyless = another();
    keyless.secret(SECRET_FILES.sftpKey, '');
    expect((await keyless.run(['list'])).report).toMatchObject({ fault: 'settings' });
  });

  test.each([
    ['takes the login and has no SFTP', '', 'offers no SFTP', 'internal-sftp'],
    ['lets nobody write', 'Subsystem sftp internal-sftp -R', 'denied', 'right to write'],
  ])('one that %s is told of', async (_, settings, error, advice) => {
    const other = await serverWith(settings);
    const far = another({
      BACKUP_KNOWN_HOSTS: other.at('known'),
      BACKUP_REPOSITORY: repositoryOf(other.at('repository'), other.port),
    });
    far.secret(SECRET_FILES.sftpKey, keyIn(other.at('key')));
    expect((await far.run(['now'])).report).toMatchObject({
      fault: 'unreachable',
      error: expect.stringMatching(new RegExp(error, 'i')),
      advice: expect.stringContaining(advice),
    });
  });

  test('one that nobody has set up says that there is no repository', async () => {
    expect((await another().run(['list'])).report).toMatchObject({ fault: 'no-repository' });
  });

  test('one that does not answer, or never says a word, is told of in time', async () => {
    const silent = createServer().unref();
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const { port } = silent.address() as { port: number };
    for (const to of [1, port]) {
      const began = performance.now();
      const { report } = await another({
        BACKUP_REPOSITORY: repositoryOf('x', to),
        BACKUP_PATIENCE: '3',
      }).run(['now']);
      expect(report).toMatchObject({
        fault: 'unreachable',
        error: expect.stringContaining('does not answer'),
      });
      expect(report.advice).toContain('network');
      expect(performance.now() - began).toBeLessThan(40_000);
    }
    silent.close();
  });

  test.each(['cut', 'freeze'] as const)(
    'one that is lost in the middle of an upload (%s) is told of, and the next backup is whole',
    async (how) => {
      await fill(mariadb, 6);
      const far = another();
      const through = { BACKUP_REPOSITORY: repositoryOf(far.repository, cable.port) };
      const before = cable.sent;
      const running = far.start(['now'], through);
      for (let tries = 0; cable.sent < before + 1_000_000; tries++) {
        if (tries > 6_000) throw new Error(`nothing is uploaded: ${running.said}`);
        await new Promise((done) => setTimeout(done, 5));
      }
      const began = performance.now();
      cable[how]();
      expect((await running.end()).report).toMatchObject({
        fault: 'unreachable',
        error: expect.stringContaining('has ended the connection'),
      });
      expect(performance.now() - began).toBeLessThan(60_000);
      await far.run(['unlock']);
      cable.mend();
      expect((await far.run(['now'], through)).report).toMatchObject({ ok: true });
      expect((await far.run(['check'])).report).toMatchObject({ ok: true });
    },
  );

  test('one that goes before a check is no damage', async () => {
    expect((await place.run(['now'])).report.ok).toBe(true);
    const running = place.start(['check'], {
      SHIM: 'restic|before|^--no-cache check',
      BACKUP_REPOSITORY: repositoryOf(place.repository, cable.port),
    });
    await running.untilThere(place.halted);
    cable.cut();
    place.release();
    expect((await running.end()).report).toMatchObject({ ok: false, fault: 'unreachable' });
    cable.mend();
    // No check that came to its end says that something is damaged.
    expect((await place.run(['list'])).report.checked?.ok).not.toBe(false);
  });

  test('a run that was killed in the middle of an upload keeps the next one from nothing', async () => {
    const far = another();
    await far.killedAt(['now'], 'restic|during|^--no-cache backup');
    expect((await far.run(['now'])).report).toMatchObject({ ok: true });
    expect((await far.run(['check'])).report).toMatchObject({ ok: true });
  });

  test('one without room is told of, and goes on when there is some', async () => {
    const full = another();
    mkdirSync(full.repository);
    // The server sees what was mounted before it began.
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', full.repository]);
    if (mounted.status !== 0) return console.warn('SKIPPED: no tmpfs can be mounted here');
    try {
      const late = await serverWith('Subsystem sftp internal-sftp');
      Object.assign(full.env, {
        BACKUP_KNOWN_HOSTS: late.at('known'),
        BACKUP_REPOSITORY: repositoryOf(full.repository, late.port),
      });
      full.secret(SECRET_FILES.sftpKey, keyIn(late.at('key')));
      expect((await full.run(['now'])).report).toMatchObject({ ok: false, fault: 'full' });
    } finally {
      spawnSync('umount', ['-l', full.repository]);
    }
  });
});
