import { cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { stateFile } from '../../lab/deploy/providers';
import { ProjectCopy, type Run } from '../support/programs/project-copy';
import { tell } from './support/http';
import {
  describeLab,
  operator,
  runningLab,
  runningTarget,
  serviceIds,
  tasks,
  testTerraform,
} from './support/lab';

/** Running containers of services whose restart would be an interruption, by service. */
const containersOf = async (...services: string[]) =>
  (await operator('ps', '--no-trunc', '--format', '{{.Names}}'))
    .split('\n')
    .filter((name) => services.some((service) => name.startsWith(`proctorwise_${service}.`)))
    .sort();
const secrets = async () =>
  (await operator('secret', 'ls', '--format', '{{.Name}}')).split('\n').filter(Boolean).sort();

/** Objects that the lost state had on the server, but for secrets, which cannot be imported. */
function importable(): number {
  const { resources } = JSON.parse(readFileSync(`${stateFile(runningLab().paths)}.lost`, 'utf8')) as {
    readonly resources: readonly { readonly type: string; readonly instances: readonly unknown[] }[];
  };
  const kinds = ['docker_network', 'docker_config', 'docker_service'];
  return resources
    .filter(({ type }) => kinds.includes(type))
    .reduce((sum, { instances }) => sum + instances.length, 0);
}

describeLab('a lost state', () => {
  const project = new ProjectCopy();
  afterAll(() => project.remove());
  const program = (file: string, ...args: string[]): Promise<Run> => {
    const { env } = runningTarget();
    const variables = Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return project.runBeside(file, ['--environment', 'lab', ...args], Object.fromEntries(variables));
  };
  const recover = (...args: string[]) => program('state recover', ...args);
  const deploy = () => program('deploy', '--yes');

  beforeAll(() => {
    // The lab and this project have one state, as two checkouts have that share a bucket.
    const { dir } = runningLab().paths;
    symlinkSync(dir, project.path('.lab'));
    for (const name of ['.terraform.lock.hcl']) if (existsSync(name)) cpSync(name, project.path(name));
  });

  testTerraform('is noticed before a deploy changes anything, with the way back', async () => {
    const state = stateFile(runningLab().paths);
    renameSync(state, `${state}.lost`);
    rmSync(`${state}.backup`, { force: true });
    const before = await tasks();
    const run = await deploy();
    expect(run.stdout).toContain('the server runs 10 services that the state does not know');
    expect(run.stdout).toContain('./proctor state recover');
    expect(run.status).toBe(1);
    expect(await tasks()).toEqual(before);
  });

  testTerraform(
    'comes back by importing what runs: nothing would be destroyed, and nothing is changed by that',
    async () => {
      const before = { tasks: await tasks(), secrets: await secrets() };
      const shown = await recover();
      expect(shown).toMatchObject({ status: 0, stderr: '' });
      const count = importable();
      expect(count).toBeGreaterThan(10);
      expect(shown.stdout).toMatch(
        new RegExp(`plan: ${count} to import, \\d+ to add, \\d+ to change, 0 to destroy`),
      );
      expect(shown.stdout).toMatch(/secrets get new names/);

      const imported = await recover('--import');
      expect(imported).toMatchObject({ status: 0, stderr: '' });
      expect(imported.stdout.match(/imported docker_/g)).toHaveLength(count);
      expect(imported.stdout).not.toContain('secrets get new names');
      expect(imported.stdout).toMatch(/plan: 0 to import, \d+ to add, \d+ to change, 0 to destroy/);
      expect({ tasks: await tasks(), secrets: await secrets() }).toEqual(before);
    },
  );

  testTerraform(
    'is as good as before after one deploy: no service is replaced, MariaDB and Kafka run on, secrets have new names',
    async () => {
      const before = {
        ids: await serviceIds(),
        stateful: await containersOf('mariadb', 'kafka'),
        secrets: await secrets(),
      };
      const run = await deploy();
      if (run.status !== 0) throw new Error(run.stdout + run.stderr);
      expect(await serviceIds()).toEqual(before.ids);
      expect(await containersOf('mariadb', 'kafka')).toEqual(before.stateful);
      const after = await secrets();
      expect(after).toHaveLength(2 * before.secrets.length);
      expect(await tell('/users')).toMatchObject({ status: 200, database: 'ok' });
      expect(await tell('/notifications')).toMatchObject({ status: 200, broker: 'ok' });
    },
  );

  testTerraform('leaves only the old secrets behind, and says how to remove them', async () => {
    const before = await secrets();
    const { stdout } = await recover();
    const [, names = ''] = /docker secret rm (.*)/.exec(stdout) ?? [];
    expect(names.split(' ')).toHaveLength(before.length / 2);
    await operator('secret', 'rm', ...names.split(' '));
    const run = await deploy();
    expect(run.stdout).toContain('nothing to do: the server runs what the catalogue says');
    expect(run.status).toBe(0);
  });
});
