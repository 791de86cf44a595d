import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { whyNotTerraform } from '../../lab/deploy/providers';
import { everyCharacter, hashOf } from '../../lab/deploy/secrets';
import { synthesize } from '../../lab/deploy/terraform';
import type { SecretRow } from '../../operations/secrets/list';
import { ProjectCopy } from '../support/programs/project-copy';
import { tell } from './support/http';
import {
  describeLab,
  expectSuccess,
  operator,
  runningLab,
  runningTarget,
  runProgram,
  tasks,
} from './support/lab';

const ENVIRONMENT = ['--environment', 'lab'];
const USER = 'mailer-of-the-lab';

describeLab('./proctor deploy and ./proctor secrets', () => {
  const project = new ProjectCopy();
  afterAll(() => project.remove());
  let withTerraform = false;

  /** The lab's variables, without the values of these secrets. */
  const without = (...names: string[]) => ({
    ...runningTarget().variables,
    ...Object.fromEntries(names.map((name) => [`TF_VAR_${name}`, ''])),
  });
  const deploy = (variables: Record<string, string>, ...more: string[]) =>
    runProgram('deploy', [...ENVIRONMENT, '--yes', ...more], variables, project.folder);
  const list = async (variables: Record<string, string>): Promise<Record<string, SecretRow>> => {
    const run = await runProgram('secrets', [...ENVIRONMENT, '--json'], variables, project.folder);
    expectSuccess(run);
    const { secrets } = JSON.parse(run.output) as { secrets: SecretRow[] };
    return Object.fromEntries(secrets.map((row) => [row.name, row]));
  };
  /** What this lab's later deploys give. */
  const keep = (values: Record<string, string>) => {
    const file = join(runningLab().paths.dir, 'secrets.json');
    writeFileSync(file, JSON.stringify({ ...runningTarget().secrets, ...values }), { mode: 0o600 });
  };
  const valueInFile = () =>
    /^TF_VAR_jwt_secret_key=(\w{43})$/m.exec(readFileSync(project.path('.env.lab'), 'utf8'))![1]!;

  beforeAll(async () => {
    // The copy's own state would be an empty one.
    symlinkSync(runningLab().paths.dir, project.path('.lab'));
    await synthesize(runningTarget());
    withTerraform = (await whyNotTerraform(runningTarget())) === undefined;
    if (!withTerraform) process.stderr.write('SKIPPED: ./proctor deploy, since there are no providers\n');
  });

  test('a generated key in .env and a secret from a command, which a killed deploy had made already, rotate in one deploy', async () => {
    if (!withTerraform) return;
    const variables = without('jwt_secret_key', 'smtp_username');
    const generate = [...ENVIRONMENT, '--generate', 'jwt_secret_key'];
    expectSuccess(await runProgram('secrets', generate, variables, project.folder));
    project.write('user', `${USER}\n`);
    project.edit(
      'smtp_username: { optional: true,',
      "smtp_username: { optional: true, command: ['cat', 'user'],",
    );
    const name = `proctorwise_smtp_username_${hashOf('proctorwise/smtp_username/', USER)}`;
    const label = 'com.docker.stack.namespace=proctorwise';
    await operator('secret', 'create', '--label', label, name, project.path('user'));
    const before = (await list(variables)).jwt_secret_key!;
    expect(before).toMatchObject({
      source: 'file',
      usedBy: ['userservice'],
      replaces: { userservice: 2 },
      next: { does: 'rotates' },
    });

    const run = await deploy(variables);
    expectSuccess(run);
    expect(run.output).toContain(
      `jwt_secret_key rotates, ${before.versions[0]} → ${before.next.version}: userservice rolls`,
    );
    expect(run.output).toMatch(/tokens made by the other half are refused/);
    expect(run.output).not.toContain(valueInFile());
    expect(run.output).toContain('asking for smtp_username: cat user');
    expect(run.output).toContain(
      `removed the secret ${name}, which an interrupted deploy left and no service uses`,
    );
    expect(await tell('/notifications')).toMatchObject({ status: 200 });
    const { jwt_secret_key, smtp_username } = await list(variables);
    expect(jwt_secret_key).toMatchObject({
      versions: [before.next.version],
      unused: [],
      next: { does: 'nothing' },
    });
    expect(smtp_username).toMatchObject({
      usedBy: ['notificationservice'],
      source: 'command',
      next: { does: 'unknown' },
    });
    keep({ jwt_secret_key: valueInFile() });
  });

  test('a command that fails, and an optional secret that comes empty, end a deploy before anything changes', async () => {
    if (!withTerraform) return;
    const before = await tasks();
    project.edit("['cat', 'user']", "['cat', 'nowhere']");
    const failed = await deploy(without('smtp_username'));
    expect(failed.status).toBe(1);
    expect(failed.output).toContain('the secret smtp_username: `cat nowhere` ended with 1');
    project.edit(" command: ['cat', 'nowhere'],", '');
    const empty = await deploy(without('smtp_username'));
    expect(empty.status).toBe(1);
    expect(empty.output).toContain(
      'TF_VAR_smtp_username is empty, but notificationservice has smtp_username now',
    );
    expect(await tasks()).toEqual(before);
  });

  test('--without lets an optional secret go', async () => {
    if (!withTerraform) return;
    expectSuccess(await deploy(without('smtp_username'), '--without', 'smtp_username'));
    expect((await list(without('smtp_username'))).smtp_username).toMatchObject({ versions: [], unused: [] });
    keep({ smtp_username: '' });
  });

  test("the database password, and with it every application's own, rotates without a failed request", async () => {
    if (!withTerraform) return;
    const db_password = everyCharacter();
    const failed: string[] = [];
    let asked = 0;
    let isOver = false;
    const client = async (path: string) => {
      while (!isOver) {
        const { status, database } = await tell(path);
        asked += 1;
        if (status !== 200 || database !== 'ok') failed.push(`${path}: ${status} ${database}`);
        await sleep(450);
      }
    };
    const clients = ['/users', '/corrections', '/analytics'].map(client);
    const run = await deploy({ ...runningTarget().variables, TF_VAR_db_password: db_password });
    isOver = true;
    await Promise.all(clients);
    expectSuccess(run);
    keep({ db_password });
    expect(run.output).toMatch(/db_password rotates, \w{10} → \w{10}: /);
    expect([asked > 50, failed]).toEqual([true, []]);
    const { db_password: row } = await list(runningTarget().variables);
    expect(row).toMatchObject({ unused: [], next: { does: 'nothing' } });
    expect(row?.versions).toHaveLength(1);
    expect(row?.usedBy).toHaveLength(6);
  });
});
