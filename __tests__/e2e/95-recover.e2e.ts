import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labDown, labStop, labUp } from '../../lab/cluster/infrastructure';
import { stateFile } from '../../lab/deploy/providers';
import { ProjectCopy } from '../support/programs/project-copy';
import { killedProctorOf, proctorOf, withBackups } from './support/backups';
import { post, tell } from './support/http';
import { describeLab, expectSuccess, operator, runningLab, testTerraform } from './support/lab';

const RPO_SECONDS = 60;
/** Rows are written for so long before the server goes: what is lost of them, and of how long, is what `rpo` is about. */
const WRITING_SECONDS = 90;
const GOAL_SECONDS = 600;
const FRAME = { of: 'a frame that was there before the backup' };

describeLab('a server that is lost', () => {
  const project = new ProjectCopy();
  // Of this machine, as a disk on a network is: it outlives the engine.
  const repository = mkdtempSync(join(tmpdir(), 'repository-'));
  const proctor = proctorOf(project);
  const killed = killedProctorOf(project);
  const quiet = { print: () => {} };
  const rows = async () => (await tell('/reservations/rows')).count as number;
  let frame: string;
  /** Rows that were there before any was timed, and when each later one was acknowledged. */
  let before = 0;
  const acknowledged: number[] = [];

  const write = async () => {
    if ((await post('/reservations', { at: new Date().toISOString() })).status === 201)
      acknowledged.push(Date.now());
  };

  beforeAll(async () => {
    await labUp(quiet);
    await withBackups(project, `{ kind: 'folder', path: '${repository}' }`);
    project.edit('rpo: Duration.minutes(5)', `rpo: Duration.seconds(${RPO_SECONDS})`);
    expectSuccess(await proctor('deploy', '--yes', '--acknowledge', 'mariadb'));
  });
  afterAll(async () => {
    project.remove();
    if (!process.env.E2E_KEEP) await labDown(quiet);
    rmSync(repository, { recursive: true, force: true });
  });

  testTerraform('has a backup, and its log of what came after that', async () => {
    await post('/reservations', { word: 'before the backup' });
    frame = (await post('/monitoring/frames', FRAME)).frame as string;
    expectSuccess(await proctor('backup now'));
    before = await rows();
    const copied = async () =>
      (await proctor('backup list')).output.match(/any moment from .* to (\S+ \S+) UTC/)?.[1];
    const until = Date.now();
    while (!(Date.parse(`${(await copied())?.replace(' ', 'T')}Z`) >= until))
      await new Promise((resolve) => setTimeout(resolve, 5_000));
  });

  testTerraform(
    'comes back with its data by one command, run again after it was killed, from the catalogue, the secrets and the backups',
    async () => {
      // To the last moment: nothing waits for a copy of these.
      const end = Date.now() + WRITING_SECONDS * 1000;
      while (Date.now() < end) {
        await write();
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      // A new engine, without what the old one had, nor the state.
      const { paths } = runningLab();
      await labStop(quiet);
      rmSync(join(paths.dir, 'engine'), { recursive: true, force: true });
      for (const suffix of ['', '.backup']) rmSync(`${stateFile(paths)}${suffix}`, { force: true });
      await labUp(quiet);
      const began = Date.now();
      const cut = await killed(/reading in proctorwise_/, 'recover');
      expect(cut.status).toBeNull();
      // What it has begun on the server goes, too, as with the server's power.
      await operator('service', 'rm', 'proctorwise_backup-restore-job').catch(() => '');
      const run = await proctor('recover');
      expectSuccess(run);
      const seconds = Math.round((Date.now() - began) / 1000);
      const there = await rows();
      const lost = before + acknowledged.length - there;
      // They were written one after the other.
      const lostSeconds =
        lost > 0 ? Math.ceil((acknowledged.at(-1)! - acknowledged[acknowledged.length - lost]!) / 1000) : 0;
      const steps = [cut, run].flatMap(({ output }) =>
        output.split('\n').filter((line) => /^recover: .* after /.test(line)),
      );
      process.stderr.write(
        `recovered in ${seconds} s, killed once on its way; ${before + acknowledged.length} rows were acknowledged, ${lost} are lost, of the last ${lostSeconds} s\n${steps.join('\n')}\n`,
      );
      expect(there).toBeGreaterThanOrEqual(before);
      expect(lostSeconds).toBeLessThanOrEqual(RPO_SECONDS);
      expect(seconds).toBeLessThan(GOAL_SECONDS);
      expect(await tell('/reservations')).toMatchObject({ status: 200, database: 'ok' });
    },
  );

  testTerraform('has its files again, as they were', async () => {
    expect((await tell('/monitoring/frames')).frames).toContain(frame);
    const service = 'label=com.docker.swarm.service.name=proctorwise_monitoringservice';
    const [container] = (await operator('ps', '--quiet', '--filter', service)).trim().split('\n');
    const content = await operator('exec', container!, 'cat', `/app/local_storage/${frame}`);
    expect(JSON.parse(content)).toEqual(FRAME);
  });

  testTerraform('is as the catalogue says, and once more there is nothing to bring back', async () => {
    expect((await proctor('plan')).status).toBe(0);
    const rowsBefore = await rows();
    expectSuccess(await proctor('recover'));
    expect(await rows()).toBe(rowsBefore);
  });
});
