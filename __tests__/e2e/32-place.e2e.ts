import { execFile } from 'node:child_process';
import { cpSync, existsSync, symlinkSync } from 'node:fs';
import { dockerEnvironment } from '../../lab/deploy/docker';
import { NAMESPACE, STACK } from '../../lab/deploy/target';
import { eventually } from '../../lab/ground/shell';
import { terraformProgram } from '../../operations/terraform/program';
import { ProjectCopy } from '../support/programs/project-copy';
import { tell } from './support/http';
import {
  describeLab,
  expectSuccess,
  npmRunLab,
  operator,
  runningLab,
  runningTarget,
  runProgram,
  tasks,
  testTerraform,
} from './support/lab';

const LABEL = `${NAMESPACE}.kafka`;
const VOLUME = `${NAMESPACE}_kafka_data`;
const SERVICE = `${NAMESPACE}_kafka`;

describeLab('a backend with data', () => {
  const project = new ProjectCopy();
  afterAll(() => project.remove());

  const program = (verb: string, ...args: string[]) =>
    runProgram(verb, args, runningTarget().variables, project.folder);
  const deploy = () => program('deploy', '--environment', 'lab', '--yes');
  /** What is broken to a terminal's width is one line. */
  const inOneLine = ({ output }: { readonly output: string }) => output.replaceAll(/\s+/g, ' ');
  const labels = async () =>
    JSON.parse(await operator('node', 'inspect', 'self', '--format', '{{json .Spec.Labels}}')) as object;
  const configs = async () => (await operator('config', 'ls', '--format', '{{.Name}}')).split('\n');
  const runs = async () =>
    (await operator('ps', '--filter', `name=${SERVICE}\\.`, '--format', '{{.Status}}')).includes('(healthy)');
  /** As an operator's shell runs it. */
  const typed = (command: string) =>
    new Promise<{ status: number; output: string }>((done) => {
      const env = dockerEnvironment(runningTarget());
      execFile('sh', ['-c', command], { cwd: project.folder, env }, (error, stdout, stderr) =>
        done({ status: error ? Number(error.code) : 0, output: stdout + stderr }),
      );
    });

  beforeAll(() => {
    symlinkSync(runningLab().paths.dir, project.path('.lab'));
    if (existsSync('.terraform.lock.hcl')) cpSync('.terraform.lock.hcl', project.path('.terraform.lock.hcl'));
    project.edit('kafka: kafka({', "kafka: kafka({\n      placement: 'pinned',");
  });

  testTerraform('is remembered by the Swarm after its first deploy', async () => {
    expect(await configs()).toEqual(
      expect.arrayContaining([`data.${NAMESPACE}_mariadb`, `data.${NAMESPACE}_kafka`]),
    );
    expect((await program('status')).output).not.toContain('not in the catalogue');
  });

  testTerraform('is pinned to its node by a label that a step sets, and no task restarts', async () => {
    const before = await tasks();
    const run = await deploy();
    expectSuccess(run);
    expect(run.output).toContain('no task replaced');
    expect(run.output).toMatch(/kafka\s+placement · .*no task restarts/);
    expect(await labels()).toEqual({ [LABEL]: 'true' });
    const constraints = '{{json .Spec.TaskTemplate.Placement.Constraints}}';
    expect(JSON.parse(await operator('service', 'inspect', SERVICE, '--format', constraints))).toEqual([
      `node.labels.${LABEL}==true`,
    ]);
    expect(await tasks()).toEqual(before);
  });

  testTerraform(
    'whose label is taken away stops; status and deploy say which command brings it back',
    async () => {
      await operator(
        'node',
        'update',
        '--label-rm',
        LABEL,
        (await operator('info', '--format', '{{.Name}}')).trim(),
      );
      expect(await eventually(120, async () => !(await runs()))).toBe(true);
      const command = /docker node update --label-add \S+ \S+/;
      expect(inOneLine(await program('status'))).toMatch(/finds no node, none fulfils node\.labels\./);
      const run = await deploy();
      expect(run.status).toBe(1);
      expect(inOneLine(run)).toMatch(/the label \S+ is gone from/);
      expect((await typed(command.exec(inOneLine(run))![0])).status).toBe(0);
      expect(await eventually(120, runs)).toBe(true);
    },
  );

  testTerraform(
    'whose volume is gone does not come up as a new one, by a deploy or by Terraform alone',
    async () => {
      await operator('service', 'rm', SERVICE);
      // The engine keeps the containers of its tasks for some seconds.
      const removed = async () => (await typed(`docker volume rm ${VOLUME}`)).status === 0;
      expect(await eventually(120, removed)).toBe(true);
      const words =
        /the volume \S+_kafka_data is not there, and its data has been on \S+ since .* as a new one/;

      const run = await deploy();
      expect(run.status).toBe(1);
      expect(inOneLine(run)).toMatch(words);
      expect(inOneLine(run)).toContain('./proctor data forget kafka');

      expectSuccess(
        await runProgram(
          'synth',
          [],
          { ...runningTarget().variables, PLATFORM_ENVIRONMENT: 'lab' },
          project.folder,
        ),
      );
      const terraform = `${terraformProgram()} -chdir=cdktf.out/stacks/${STACK}`;
      const applied = await typed(
        `${terraform} init -input=false -no-color && ${terraform} apply -input=false -auto-approve -no-color`,
      );
      expect(applied.output).toMatch(/null_resource\.kafka_data.*local-exec/);
      // Terraform wraps nothing of what a script says.
      expect(applied.output).toMatch(words);
      expect(applied.status).toBe(1);
      expect(await operator('service', 'ls', '--format', '{{.Name}}')).not.toContain(SERVICE);
      expect(await operator('volume', 'ls', '--format', '{{.Name}}')).not.toContain(VOLUME);
    },
  );

  testTerraform('and does where somebody says so, once', async () => {
    expectSuccess(await program('data forget', 'kafka'));
    expectSuccess(await deploy());
    expect(await runs()).toBe(true);
    expect(await configs()).toContain(`data.${NAMESPACE}_kafka`);
    expect(await labels()).toEqual({ [LABEL]: 'true' });
  });

  testTerraform('is set free again, without a restart', async () => {
    const before = await tasks();
    expectSuccess(await npmRunLab());
    expect(await tasks()).toEqual(before);
    const isBack = async () => (await tell('/reservations')).broker === 'ok';
    expect(await eventually(120, isBack)).toBe(true);
  });
});
