import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { NAMESPACE } from '../../lab/deploy/target';
import { eventually } from '../../lab/ground/shell';
import { inOneLine, LabCopy } from './support/copy';
import { tell } from './support/http';
import {
  describeLab,
  expectSuccess,
  npmRunLab,
  operator,
  runningLab,
  tasks,
  testTerraform,
} from './support/lab';

const LABEL = `${NAMESPACE}.kafka`;
const VOLUME = `${NAMESPACE}_kafka_data`;
const SERVICE = `${NAMESPACE}_kafka`;

describeLab('a backend with data', () => {
  const project = new LabCopy();
  afterAll(() => project.remove());

  const labels = async () =>
    JSON.parse(await operator('node', 'inspect', 'self', '--format', '{{json .Spec.Labels}}')) as object;
  const configs = async () => (await operator('config', 'ls', '--format', '{{.Name}}')).split('\n');
  const runs = async () =>
    (await operator('ps', '--filter', `name=${SERVICE}\\.`, '--format', '{{.Status}}')).includes('(healthy)');

  const remembered = async () =>
    (
      await operator(
        'config',
        'inspect',
        `data.${SERVICE}`,
        '--format',
        '{{index .Spec.Labels "proctorwise.data.id"}}',
      )
    ).trim();
  /** In the volume, where the file belongs to whom its folder belongs. */
  const idInVolume = () => {
    const folder = join(runningLab().paths.data, 'volumes', VOLUME, '_data');
    const file = join(folder, '.proctorwise-data');
    expect([statSync(file).mode & 0o777, statSync(file).uid]).toEqual([0o444, statSync(folder).uid]);
    return readFileSync(file, 'utf8').trim();
  };

  beforeAll(() => {
    project.join();
    project.edit('kafka: kafka({', "kafka: kafka({\n      placement: 'pinned',");
  });

  testTerraform('is remembered by the Swarm after its first deploy', async () => {
    expect(await configs()).toEqual(
      expect.arrayContaining([`data.${NAMESPACE}_mariadb`, `data.${NAMESPACE}_kafka`]),
    );
    expect(await remembered()).toMatch(/^[\w-]{36}$/);
    expect(idInVolume()).toBe(await remembered());
    expect((await project.program('status')).output).not.toContain('not in the catalogue');
  });

  testTerraform('is pinned to its node by a label that a step sets, and no task restarts', async () => {
    const before = await tasks();
    const run = await project.deploy();
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
      expect(inOneLine(await project.program('status'))).toMatch(
        /finds no node, none fulfils node\.labels\./,
      );
      const run = await project.deploy();
      expect(run.status).toBe(1);
      expect(inOneLine(run)).toMatch(/the label \S+ is gone from/);
      expect((await project.typed(command.exec(inOneLine(run))![0])).status).toBe(0);
      expect(await eventually(120, runs)).toBe(true);
    },
  );

  testTerraform(
    'whose volume is gone does not come up as a new one, by a deploy or by Terraform alone',
    async () => {
      await operator('service', 'rm', SERVICE);
      // The engine keeps the containers of its tasks for some seconds.
      const removed = async () => (await project.typed(`docker volume rm ${VOLUME}`)).status === 0;
      expect(await eventually(120, removed)).toBe(true);
      const words =
        /the volume \S+_kafka_data is not there, and its data has been on \S+ since .* as a new one/;

      const run = await project.deploy();
      expect(run.status).toBe(1);
      expect(inOneLine(run)).toMatch(words);
      expect(inOneLine(run)).toContain('./proctor data forget kafka');

      const applied = await project.applyAlone();
      expect(applied.output).toMatch(/null_resource\.kafka_data.*local-exec/);
      // Terraform wraps nothing of what a script says.
      expect(applied.output).toMatch(words);
      expect(applied.status).toBe(1);
      expect(await operator('service', 'ls', '--format', '{{.Name}}')).not.toContain(SERVICE);
      expect(await operator('volume', 'ls', '--format', '{{.Name}}')).not.toContain(VOLUME);
    },
  );

  testTerraform('and does where somebody says so, once', async () => {
    expectSuccess(await project.program('data forget', 'kafka'));
    expectSuccess(await project.deploy());
    expect(await runs()).toBe(true);
    expect(await configs()).toContain(`data.${NAMESPACE}_kafka`);
    expect(await labels()).toEqual({ [LABEL]: 'true' });
  });

  testTerraform(
    'that has come up as a new one by hand is told while it runs, until somebody says that it counts',
    async () => {
      const was = await remembered();
      expect(idInVolume()).toBe(was);
      // As a boot without the disk of the volumes would leave it.
      await operator('service', 'scale', '--detach', `${SERVICE}=0`);
      // Containers that have ended hold the volume.
      const ended = `docker ps -aq --filter label=com.docker.swarm.service.name=${SERVICE}`;
      const remove = `${ended} | xargs -r docker rm; docker volume rm ${VOLUME}`;
      const removed = async () => (await project.typed(remove)).status === 0;
      expect(await eventually(120, removed)).toBe(true);
      await operator('service', 'scale', '--detach', `${SERVICE}=1`);
      expect(await eventually(180, runs)).toBe(true);

      const words =
        /\S+_kafka runs on other data than that which has been on \S+ since [\d-]+: it has come up as a new one/;
      const status = await project.program('status');
      expect(inOneLine(status)).toMatch(words);
      expect(status.status).toBe(1);
      const refused = await project.deploy();
      expect(inOneLine(refused)).toMatch(words);
      expect(inOneLine(refused)).toContain(`stop the service (docker service scale ${SERVICE}=0)`);
      expect(inOneLine(refused)).toContain('./proctor data forget kafka');
      expect(refused.status).toBe(1);
      expect(await remembered()).toBe(was);

      expectSuccess(await project.program('data forget', 'kafka'));
      // What comes after it is not taken for it.
      expect(await remembered()).not.toBe(was);
      expect(idInVolume()).toBe(await remembered());
      expect(inOneLine(await project.program('status'))).not.toMatch(words);
      expectSuccess(await project.deploy());
    },
  );

  testTerraform('is set free again, without a restart', async () => {
    const before = await tasks();
    expectSuccess(await npmRunLab());
    expect(await tasks()).toEqual(before);
    expect(idInVolume()).toBe(await remembered());
    const isBack = async () => (await tell('/reservations')).broker === 'ok';
    expect(await eventually(120, isBack)).toBe(true);
  });
});
