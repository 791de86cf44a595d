import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labDown, labStop, labUp } from '../../lab/cluster/infrastructure';
import { stateFile } from '../../lab/deploy/providers';
import { ProjectCopy } from '../support/programs/project-copy';
import { proctorOf, withBackups } from './support/backups';
import { post, tell } from './support/http';
import { describeLab, expectSuccess, runningLab, testTerraform } from './support/lab';

const ROWS = 20;

describeLab('a server that is lost', () => {
  const project = new ProjectCopy();
  // Of this machine, as a disk on a network is: it outlives the engine.
  const repository = mkdtempSync(join(tmpdir(), 'repository-'));
  const proctor = proctorOf(project);
  const quiet = { print: () => {} };
  const rows = async () => (await tell('/reservations/rows')).count as number;
  let acknowledged = 0;

  beforeAll(async () => {
    await labUp(quiet);
    await withBackups(project, `{ kind: 'folder', path: '${repository}' }`);
    project.edit('rpo: Duration.minutes(5)', 'rpo: Duration.minutes(1)');
    expectSuccess(await proctor('deploy', '--yes', '--acknowledge', 'mariadb'));
  });
  afterAll(async () => {
    project.remove();
    if (!process.env.E2E_KEEP) await labDown(quiet);
    rmSync(repository, { recursive: true, force: true });
  });

  testTerraform('has a backup, and its log of what came after that', async () => {
    await post('/reservations', { word: 'before the backup' });
    expectSuccess(await proctor('backup now'));
    acknowledged = await rows();
    for (let more = 0; more < ROWS; more += 1) {
      if ((await post('/reservations', { more })).status === 201) acknowledged += 1;
    }
    const copied = async () =>
      (await proctor('backup list')).output.match(/any moment from .* to (\S+ \S+) UTC/)?.[1];
    const until = Date.now();
    while (!(Date.parse(`${(await copied())?.replace(' ', 'T')}Z`) >= until))
      await new Promise((resolve) => setTimeout(resolve, 5_000));
  });

  testTerraform(
    'comes back with its data by one command, from nothing but the catalogue, the secrets and the backups',
    async () => {
      // A new engine, without what the old one had, nor the state.
      const { paths } = runningLab();
      await labStop(quiet);
      rmSync(join(paths.dir, 'engine'), { recursive: true, force: true });
      for (const suffix of ['', '.backup']) rmSync(`${stateFile(paths)}${suffix}`, { force: true });
      await labUp(quiet);
      const began = Date.now();
      const run = await proctor('recover');
      expectSuccess(run);
      const seconds = Math.round((Date.now() - began) / 1000);
      const lost = acknowledged - (await rows());
      const steps = run.output.split('\n').filter((line) => /^recover: .* after /.test(line));
      process.stderr.write(
        `recovered in ${seconds} s; ${acknowledged} rows were acknowledged, ${lost} are lost\n${steps.join('\n')}\n`,
      );
      expect(lost).toBe(0);
      expect(await tell('/reservations')).toMatchObject({ status: 200, database: 'ok' });
    },
  );

  testTerraform('is as the catalogue says, and once more there is nothing to bring back', async () => {
    expect((await proctor('plan')).status).toBe(0);
    const before = await rows();
    expectSuccess(await proctor('recover'));
    expect(await rows()).toBe(before);
  });
});
