import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeCompose } from '../../lab/deploy/compose';
import { ownValues } from '../../lab/deploy/own-secrets';
import { outputFolder, stackFolder, stateFile, whyNotTerraform } from '../../lab/deploy/providers';
import { everyCharacter } from '../../lab/deploy/secrets';
import { type LabTarget, STACK } from '../../lab/deploy/target';
import { synthesize } from '../../lab/deploy/terraform';
import { docker } from '../../lab/engine/docker';
import { CommandError, run } from '../../lab/ground/shell';
import { terraformProgram } from '../../operations/terraform/program';
import { platform } from '../../services.config';
import { findings } from '../support/platform/canaries';
import { tell } from './support/http';
import { describeLab, expectSuccess, npmRunLab, runningLab, runningTarget } from './support/lab';
import { ArgumentWatch } from './support/processes';

/**
 * Every secret and login, each with a value that stands nowhere by chance; the database's has all printable characters
 * and ends with a space, which nothing on the way may cut off.
 */
const CANARIES: Readonly<Record<string, string>> = {
  db_password: `k4n4ri&${everyCharacter()} `,
  jwt_secret_key: 'k4n4ri&jwt/+?=%"-of-thirty-two-characters',
  smtp_username: 'k4n4ri&user/+?=%',
  smtp_password: 'k4n4ri&mail/+?=%"password',
  smtp_from_email: 'k4n4ri+from@lab.example',
  registry_username: 'k4n4ri&login/+?=%',
  registry_password: 'k4n4ri&token/+?=%"',
};
/** What is made from them is as secret. */
const values = [...Object.values(CANARIES), ...ownValues(CANARIES)];
const LABEL = 'label=com.docker.stack.namespace=proctorwise';

/** The lab's own way to keep values: every later deploy of these tests has them, too. */
function plant(): void {
  const file = join(runningLab().paths.dir, 'secrets.json');
  writeFileSync(file, JSON.stringify({ ...runningTarget().secrets, ...CANARIES }), { mode: 0o600 });
}

const docks = async (...args: string[]): Promise<string> => docker(runningLab().paths, args);
const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

async function terraform(
  target: LabTarget,
  ...args: string[]
): Promise<{ status: number | null; output: string }> {
  const env = target.env as Record<string, string>;
  return run(terraformProgram(), [`-chdir=${stackFolder(target.lab.paths)}`, ...args], { env }).then(
    (output) => ({ status: 0, output }),
    (error: unknown) => {
      if (error instanceof CommandError) return { status: error.status, output: error.output };
      throw error;
    },
  );
}

const filesIn = (folder: string): [string, string][] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => !/[\\/]\.terraform[\\/]|\.tfplan$/.test(file) && statSync(file).isFile())
    .map((file) => [file, readFileSync(file, 'utf8')]);

describeLab('with a canary as the value of every secret', () => {
  let deploy: string;
  let arguments_: ReturnType<ArgumentWatch['stop']>;
  let withTerraform: boolean;

  test('the deploy rotates all of them at once, and everything answers', async () => {
    plant();
    const watch = new ArgumentWatch(values);
    const result = await npmRunLab();
    arguments_ = watch.stop();
    deploy = result.output;
    expectSuccess(result);
    withTerraform = (await whyNotTerraform(runningTarget())) === undefined;
    if (!withTerraform)
      process.stderr.write('SKIPPED: plan, state and outputs, since there are no providers\n');
    expect(await tell('/users')).toMatchObject({ status: 200, database: 'ok' });
  });

  test('a canary among a process’s arguments would be seen', async () => {
    const watch = new ArgumentWatch(values);
    const child = spawn('sh', ['-c', 'sleep 2; :', 'sh', values[0]!]);
    await new Promise((done) => setTimeout(done, 500));
    expect(watch.stop().found).toHaveLength(1);
    child.kill();
  });

  test('none is among the arguments of a process, here or on the server', () => {
    expect(arguments_.found).toEqual([]);
    expect(arguments_.seen).toBeGreaterThan(50);
  });

  test('none is in what the deploy said: synth, plan, gates, provisioning', () => {
    const log = readFileSync(join(runningLab().paths.logs, 'deploy.log'), 'utf8');
    expect(deploy).toMatch(/\n/);
    expect(
      findings(
        [
          ['./proctor lab up', deploy],
          ['deploy.log', log],
        ],
        values,
      ),
    ).toEqual([]);
  });

  test('none is in the synthesized stack or the compose form', async () => {
    const target = runningTarget();
    await synthesize(target);
    await writeCompose(target);
    const files = [outputFolder(target.lab.paths), join(target.lab.paths.dir, 'compose')].flatMap(filesIn);
    expect(files.map(([name]) => name)).toContainEqual(expect.stringMatching(/cdk\.tf\.json$/));
    expect(findings(files, values)).toEqual([]);
  });

  test('none is in what docker shows of services, tasks, configs, secrets and containers', async () => {
    const ids = async (...list: string[]) => lines(await docks(...list, '--quiet', '--filter', LABEL));
    const services = await ids('service', 'ls');
    // The provider gives configs no label.
    const configs = lines(await docks('config', 'ls', '--quiet', '--filter', 'name=proctorwise_'));
    const shown: [string, string][] = [
      ['service inspect', await docks('service', 'inspect', ...services)],
      ['service inspect --pretty', await docks('service', 'inspect', '--pretty', ...services)],
      ['service ps', await docks('service', 'ps', '--no-trunc', ...services)],
      ['config inspect', await docks('config', 'inspect', ...configs)],
      ['secret inspect', await docks('secret', 'inspect', ...(await ids('secret', 'ls')))],
      ['inspect', await docks('inspect', ...(await ids('ps', '--all')))],
    ];
    expect(services).toHaveLength(10);
    expect(configs.length).toBeGreaterThan(3);
    expect(findings(shown, values)).toEqual([]);
  });

  test('none is in the logs: launcher, applications, MariaDB, Kafka, nginx, edge, engine, sshd', async () => {
    const { paths } = runningLab();
    const containers = lines(await docks('ps', '--all', '--quiet', '--filter', LABEL));
    const logs = await Promise.all(
      containers.map(async (id): Promise<[string, string]> => {
        // Standard error, too, which only a failure would show otherwise.
        const env = { DOCKER_HOST: `unix://${paths.socket}` };
        return [`logs of ${id}`, await run('sh', ['-c', 'docker logs "$1" 2>&1', 'sh', id], { env })];
      }),
    );
    expect(logs.filter(([, text]) => text.length > 0).length).toBeGreaterThan(5);
    expect(findings([...logs, ...filesIn(paths.logs)], values)).toEqual([]);
  });

  test('none is in the text of a plan that rotates all, or in outputs; plan file and state have them', async () => {
    if (!withTerraform) return;
    const target = runningTarget();
    const { paths } = target.lab;
    const next = Object.fromEntries(Object.entries(CANARIES).map(([name, value]) => [name, `next-${value}`]));
    const variables = Object.fromEntries(
      Object.entries(next).map(([name, value]) => [`TF_VAR_${name}`, value]),
    );
    const file = join(stackFolder(paths), 'leaks.tfplan');
    const plan = await terraform(
      { ...target, env: { ...target.env, ...variables } },
      ...['plan', '-no-color', '-input=false', '-out=leaks.tfplan'],
    );
    try {
      expect(plan.output).toMatch(/docker_secret\.db_password\["\w{10}"\] will be created/);
      const texts: [string, string][] = [
        ['plan', plan.output],
        ['show', (await terraform(target, 'show', '-no-color', 'leaks.tfplan')).output],
        ['show of the state', (await terraform(target, 'show', '-no-color')).output],
        ['output', (await terraform(target, 'output', '-json')).output],
      ];
      expect(findings(texts, values)).toEqual([]);
      // The finder is no help if it does not find what is known to be there.
      const json = (await terraform(target, 'show', '-json', 'leaks.tfplan')).output;
      expect(findings([['plan file', json]], [next.db_password!])).toHaveLength(1);
      const state = readFileSync(stateFile(paths), 'utf8');
      expect(findings([['state', state]], [CANARIES.jwt_secret_key!])).toHaveLength(1);
    } finally {
      rmSync(file, { force: true });
    }
  });

  test.each([
    ['too short', 'db_password', 'k4n4ri&kurz', /TF_VAR_db_password has fewer than 16 characters/],
    ['no ASCII', 'db_password', 'k4n4ri&passé-composé-lang', /not printable ASCII/],
    [
      'with a line end',
      'jwt_secret_key',
      `${CANARIES.jwt_secret_key}\r\n`,
      /line break at its end or a carriage return/,
    ],
    ['too short', 'smtp_password', 'k4n4ri', /TF_VAR_smtp_password has fewer than 12 characters/],
  ])('a value that is %s is refused without being shown: %s', async (_, name, value, words) => {
    if (!withTerraform) return;
    const target = runningTarget();
    const { status, output } = await terraform(
      { ...target, env: { ...target.env, [`TF_VAR_${name}`]: value } },
      ...['plan', '-no-color', '-input=false'],
    );
    expect(status).toBe(1);
    expect(output.replace(/[│\s]+/g, ' ')).toMatch(words);
    expect(output).not.toContain('k4n4ri');
    expect(findings([['plan', output]], [value.trim()])).toEqual([]);
  });

  test('the catalogue has no secret without a canary here', () => {
    const logins = (platform.registries ?? []).flatMap(({ username, password }) => [username, password]);
    expect(Object.keys(CANARIES).sort()).toEqual([...Object.keys(platform.secrets), ...logins].sort());
    expect(STACK).toBe('swarm-lab');
  });
});
