import type { BackupReport, ListedBackup } from '../../contract/backup';
import { sleep } from '../../lab/ground/shell';
import type { BackupStatus } from '../../operations/backup/assess';
import { ProjectCopy } from '../support/programs/project-copy';
import { jsonOf, proctorOf, sql, withBackups } from './support/backups';
import { post, tell } from './support/http';
import { describeLab, expectSuccess, tasks, testTerraform } from './support/lab';
import { underLoad } from './support/load';

const BALLAST = `CREATE TABLE proctorwise_reservations.ballast (id INT PRIMARY KEY, word BLOB)
  AS SELECT seq AS id, UNHEX(CONCAT_WS('', ${Array.from({ length: 16 }, (_, part) => `SHA2(seq * 16 + ${part}, 512)`).join(', ')})) AS word
  FROM proctorwise_reservations.seq_1_to_100000`;

describeLab('backups', () => {
  const project = new ProjectCopy();
  afterAll(() => project.remove());
  const proctor = proctorOf(project);
  const done = async (verb: string, ...args: string[]): Promise<string> => {
    const run = await proctor(verb, ...args);
    expectSuccess(run);
    return run.output;
  };
  const listed = async () =>
    jsonOf<BackupStatus & { readonly backups: readonly ListedBackup[] }>(await done('backup list', '--json'));
  const rows = async () => (await tell('/reservations/rows')).count as number;

  beforeAll(() => withBackups(project, "{ kind: 'volume', volume: 'backups' }"));

  testTerraform('come with one word for where they go: MariaDB restarts once for its log', async () => {
    const plan = await proctor('plan');
    expect(plan.output).toMatch(/update +mariadb +args/);
    expect(plan.output).toMatch(/create +backup/);
    await done('deploy', '--yes', '--acknowledge', 'mariadb');
    expect(await sql("SHOW VARIABLES LIKE 'log_bin'")).toMatch(/ON/);
    expect(await tell('/reservations')).toMatchObject({ status: 200, database: 'ok' });
    expect((await proctor('plan')).status).toBe(0);
  });

  testTerraform('are made by hand, listed and checked', async () => {
    await post('/reservations', { word: 'kept' });
    const before = await tasks();
    const report = jsonOf<BackupReport>(await done('backup now', '--json'));
    expect(report).toMatchObject({ backup: 'now', ok: true, volumes: ['monitoring_frames'] });
    expect(report.databases!.proctorwise_reservations!.rows).toBeGreaterThan(0);
    const { backups, ...status } = await listed();
    // Lists have the short form of the id.
    expect(report.snapshot).toContain(backups[0]!.snapshot);
    expect(status.problems).toEqual(['no backup was ever restored and checked: ./proctor backup drill']);
    expect(await done('backup check')).toContain('the repository is whole');
    // The jobs are gone, and nothing restarted.
    expect(await tasks()).toEqual(before);
  });

  testTerraform(
    'are made while clients ask: no request fails, and what it costs them is printed',
    async () => {
      // A hundred megabytes that do not compress away, beside the few rows of the applications.
      await sql(BALLAST);
      try {
        // The first connections, and what the server still writes of the ballast, are no measure.
        await underLoad([], () => sleep(15));
        const quiet = await underLoad([], () => sleep(30));
        const busy = await underLoad([], () => done('backup now', '--json'));
        expect(jsonOf<BackupReport>(busy.result)).toMatchObject({ backup: 'now', ok: true });
        for (const [what, { load, seconds }] of Object.entries({ quiet, 'while a backup is made': busy })) {
          const { requests, failed, p50, p99 } = load;
          const times = `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`;
          process.stdout.write(
            `${what}: ${seconds.toFixed(0)} s, ${requests} requests, ${failed} failed, ${times}\n`,
          );
        }
        expect(busy.load.requests).toBeGreaterThan(100);
        expect(busy.load.kinds).toEqual({});
        expect(busy.load.failed).toBe(0);
      } finally {
        await sql('DROP TABLE IF EXISTS proctorwise_reservations.ballast');
      }
      // Rows that clients wrote after the moment of that one are in this one, which is what comes back below.
      await done('backup now');
    },
  );

  testTerraform(
    'that nobody drilled let no plan through that risks data, and status tells them',
    async () => {
      const status = await proctor('status');
      expect(status.output).toMatch(/backups not well/);
      expect(status.status).toBe(1);
      // Another image of the same name, as a new version is.
      project.edit("image: 'mariadb:10.11'", "image: 'nginx:1.30'");
      const refused = await proctor('plan');
      expect(refused.output).toMatch(
        /REFUSED: mariadb: once .*; no backup was ever restored and checked: \.\/proctor backup now, then/,
      );
      expect(jsonOf<BackupReport>(await done('backup drill', '--json'))).toMatchObject({
        backup: 'drill',
        ok: true,
      });
      const stopped = await proctor('plan');
      expect(stopped.output).not.toContain('REFUSED');
      expect(stopped.output).toMatch(
        /STOPPED: mariadb: .*; backup [0-9a-f]{8} of .* was restored and checked at/,
      );
      project.edit(
        "image: 'nginx:1.30',\n      limits: size(1, 1024)",
        "image: 'mariadb:10.11',\n      limits: size(1, 1024)",
      );
      expectSuccess(await proctor('status'));
    },
  );

  testTerraform('are drilled with an application that is started on them', async () => {
    const before = await tasks();
    const drill = ['backup drill', '--start', 'reservationservice', '--json', '--path'] as const;
    expect(jsonOf<BackupReport>(await done(...drill, '/reservations/rows'))).toMatchObject({
      backup: 'drill',
      ok: true,
      applications: ['reservationservice'],
    });
    const unwell = await proctor(...drill, '/nowhere');
    expect(unwell.status).toBe(1);
    expect(unwell.output).toMatch(/reservationservice does not answer .*\/nowhere/);
    // Its trial is gone, the platform's own tasks are as they were, and no row of theirs was written.
    expect(await tasks()).toEqual(before);
    expect((await listed()).problems).toEqual([expect.stringContaining('drill')]);
    await done('backup drill');
    expect((await listed()).problems).toEqual([]);
  });

  testTerraform('come back beside what is in use, which nobody notices', async () => {
    const count = await rows();
    await sql('DELETE FROM proctorwise_reservations.records');
    const before = await tasks();
    await done('backup restore', '--database', 'proctorwise_reservations');
    expect(
      await sql("SELECT COUNT(*) FROM restore_proctorwise_reservations.records WHERE kind = 'row'"),
    ).toBe(String(count));
    expect(await rows()).toBe(0);
    expect(await tasks()).toEqual(before);
    await done('backup restore', '--discard');
    expect(await sql("SHOW DATABASES LIKE 'restore%'")).toBe('');
  });

  testTerraform('come back in place by name: writers stop, and start again', async () => {
    expect((await proctor('backup restore', '--into', 'platform')).status).toBe(64);
    const { backups, ...before } = await listed();
    const said = await done('backup restore', '--into', 'proctorwise');
    // Not the one that is made of what is there, without rows.
    expect(said).toContain(`the backup ${backups[0]!.snapshot} of`);
    expect(await rows()).toBeGreaterThan(0);
    expect(await listed()).toMatchObject({ backups, drilled: before.drilled, problems: [] });
    expect(await tell('/reservations')).toMatchObject({ status: 200, database: 'ok' });
    expect(await sql("SELECT COUNT(*) FROM mysql.global_priv WHERE User LIKE '%restore%'")).toBe('0');
    expect((await proctor('plan')).status).toBe(0);
    expectSuccess(await proctor('status'));
  });
});
