import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitForServices } from '../../lab/deploy/services';
import { NAMESPACE } from '../../lab/deploy/target';
import { docker } from '../../lab/engine/docker';
import { joinNode, nodePaths, removeNodes } from '../../lab/engine/nodes';
import { readSettings } from '../../lab/ground/settings';
import { eventually } from '../../lab/ground/shell';
import { inOneLine, LabCopy } from './support/copy';
import { post, tell } from './support/http';
import {
  describeLab,
  expectSuccess,
  npmRunLab,
  operator,
  runningLab,
  tasks,
  testTerraform,
} from './support/lab';

const [MARIADB, KAFKA, USERS] = ['mariadb', 'kafka', 'userservice'].map((id) => `${NAMESPACE}_${id}`) as [
  string,
  string,
  string,
];
const LABELS = ['mariadb', 'kafka'].map((id) => `${NAMESPACE}.${id}`);

describeLab('a Swarm of two managers and a worker', () => {
  const project = new LabCopy();
  const mark = randomUUID();
  /** The lab's own node, which has all data. */
  let first = '';

  const deploy = async () => {
    const run = await project.deploy();
    return { ...run, words: inOneLine(run) };
  };
  const on = (node: 'node2' | 'node3', ...args: string[]) =>
    docker(nodePaths(runningLab().paths, node), args);
  const lines = (output: string) => output.split('\n').filter(Boolean).sort();
  const labels = async (node: string) =>
    JSON.parse(await operator('node', 'inspect', node, '--format', '{{json .Spec.Labels}}')) as object;
  const nodeUpdate = (...args: string[]) => operator('node', 'update', ...args);
  /** Nodes of the tasks that are to run and do. */
  const whereRuns = async (service: string) => {
    const shown = ['--filter', 'desired-state=running', '--format', '{{.Node}} {{.CurrentState}}'];
    return lines(await operator('service', 'ps', service, ...shown)).flatMap(
      (line) => /^(\S+) Running/.exec(line)?.[1] ?? [],
    );
  };
  const runsOn = (service: string, node: string) =>
    eventually(300, async () => (await whereRuns(service)).join() === node);
  const rowIsBack = () =>
    eventually(240, async () =>
      JSON.stringify((await tell('/corrections/rows').catch(() => undefined))?.rows ?? '').includes(mark),
    );
  const brokerIsBack = () => eventually(240, async () => (await tell('/reservations')).broker === 'ok');

  beforeAll(async () => {
    project.join();
    first = (await operator('info', '--format', '{{.Name}}')).trim();
    // Of an earlier test: by the role nothing asks for them.
    for (const label of Object.keys(await labels(first))) await nodeUpdate('--label-rm', label, first);
    expect(await post('/corrections', { mark })).toMatchObject({ status: 201 });
  });

  afterAll(async () => {
    project.remove();
    await removeNodes(runningLab().paths);
  });

  testTerraform('restarts nothing by being joined', async () => {
    const before = await tasks();
    const { paths } = runningLab();
    const settings = readSettings(paths)!;
    await joinNode(paths, settings, 'node2', 'manager');
    await joinNode(paths, settings, 'node3', 'worker');
    const shown = ['--format', '{{.Hostname}} {{.Status}} {{.ManagerStatus}}'];
    expect(lines(await operator('node', 'ls', ...shown)).map((line) => line.trim())).toEqual(
      [`${first} Ready Leader`, 'node2 Ready Reachable', 'node3 Ready'].sort(),
    );
    expect(await tasks()).toEqual(before);
  });

  testTerraform('is refused by a deploy where data has no place, or a volume several', async () => {
    const before = await tasks();
    const { status, words } = await deploy();
    expect(status).toBe(1);
    for (const id of ['mariadb', 'kafka']) {
      expect(words).toMatch(
        new RegExp(
          `${NAMESPACE}_${id} may start on each of \\S+, \\S+ \\(node\\.role==manager\\), and its data is on ${first}: on another node it would come up as a new one`,
        ),
      );
      expect(words).toContain(`placement: 'pinned' for ${id} in services.config.ts, which restarts nothing`);
    }
    expect(words).toMatch(
      /tasks of monitoringservice may start on each of \S+, \S+, \S+, and each has a volume \S+_monitoring_frames of its own/,
    );
    expect(words).toContain("acknowledge: { 'one-place': '<why>' }");
    expect(await tasks()).toEqual(before);
  });

  testTerraform('has a place for data by a label, and no task restarts for it', async () => {
    for (const id of ['mariadb', 'kafka']) {
      project.edit(`${id}: ${id}({`, `${id}: ${id}({\n      placement: 'pinned',`);
    }
    const why = "acknowledge: { 'one-place': 'these tests read no frames' },";
    project.edit('monitoringservice: {', `monitoringservice: {\n      ${why}`);
    const before = await tasks();
    const run = await deploy();
    expectSuccess(run);
    expect(run.words).toContain('no task replaced');
    for (const id of ['mariadb', 'kafka']) {
      expect(run.words).toMatch(new RegExp(`${id} placement · .*?no task restarts`));
    }
    expect(await labels(first)).toEqual(Object.fromEntries(LABELS.map((label) => [label, 'true'])));
    expect([await labels('node2'), await labels('node3')]).toEqual([{}, {}]);
    const constraints = '{{json .Spec.TaskTemplate.Placement.Constraints}}';
    expect(JSON.parse(await operator('service', 'inspect', MARIADB, '--format', constraints))).toEqual([
      `node.labels.${LABELS[0]}==true`,
    ]);
    expect(await tasks()).toEqual(before);
  });

  testTerraform(
    'brings a pinned MariaDB that was killed back to its rows, never to the other manager',
    async () => {
      const elsewhere = () => operator('service', 'ps', MARIADB, '--quiet', '--filter', 'node=node2');
      const before = await elsewhere();
      const find = ['ps', '--quiet', '--filter', `label=com.docker.swarm.service.name=${MARIADB}`];
      const killed = (await operator(...find)).trim();
      await operator('kill', killed);
      const isAnother = async () => !['', killed].includes((await operator(...find)).trim());
      expect(await eventually(120, isAnother)).toBe(true);
      expect(await runsOn(MARIADB, first)).toBe(true);
      expect(await rowIsBack()).toBe(true);
      expect(lines(before)).toEqual(expect.arrayContaining(lines(await elsewhere())));
    },
  );

  testTerraform('is refused where the label is on two nodes, or on the wrong one', async () => {
    const label = LABELS[1]!;
    // Kafka gives a folder that it finds empty another id.
    const { data } = runningLab().paths;
    const identity = () =>
      readFileSync(join(data, 'volumes', `${KAFKA}_data`, '_data', 'meta.properties'), 'utf8');
    const had = identity();
    await nodeUpdate('--label-add', `${label}=true`, 'node2');
    const two = await deploy();
    expect(two.status).toBe(1);
    expect(two.words).toMatch(
      new RegExp(`${KAFKA} may start on each of \\S+, \\S+ \\(node\\.labels\\.\\S+==true\\)`),
    );
    expect(two.words).toContain(
      `leave the label on the node that has its volume alone: docker node update --label-rm ${label}`,
    );

    // One that runs would be moved by Swarm itself.
    await operator('service', 'rm', KAFKA);
    await nodeUpdate('--label-rm', label, first);
    const words = new RegExp(
      `${KAFKA} would start on node2 \\(node\\.labels\\.${label}==true\\), and its data is on ${first}: it would come up as a new one`,
    );
    const wrong = await deploy();
    expect(wrong.status).toBe(1);
    expect(wrong.words).toMatch(words);
    const applied = await project.applyAlone();
    expect(applied.output).toMatch(words);
    expect(applied.status).toBe(1);
    expect(await operator('service', 'ls', '--format', '{{.Name}}')).not.toContain(KAFKA);
    expect(await on('node2', 'volume', 'ls', '--format', '{{.Name}}')).not.toContain(`${KAFKA}_data`);

    const command = /docker node update --label-add \S+ \S+ && docker node update --label-rm \S+ [\w-]+/;
    expect((await project.typed(command.exec(wrong.words)![0])).status).toBe(0);
    expectSuccess(await deploy());
    expect(await whereRuns(KAFKA)).toEqual([first]);
    expect(identity()).toBe(had);
    expect(await brokerIsBack()).toBe(true);
  });

  testTerraform(
    'spreads an application, which answers from every node and reaches the database',
    async () => {
      await operator('service', 'update', '--quiet', '--force', USERS);
      const nodes = await whereRuns(USERS);
      expect(new Set(nodes).size).toBe(2);
      const find = ['ps', '--quiet', '--filter', `label=com.docker.swarm.service.name=${USERS}`];
      const away = lines(`${await on('node2', ...find)}\n${await on('node3', ...find)}`);
      expect(away.length).toBeGreaterThan(0);
      const answered = new Map<string, string>();
      const allAnswer = async () => {
        const { hostname, database } = await tell('/');
        answered.set(hostname, database);
        return away.every((id) => answered.get(id) === 'ok');
      };
      expect(await eventually(60, allAnswer)).toBe(true);
    },
  );

  testTerraform('moves what is not pinned, and a deploy tells which of the two has the data', async () => {
    await nodeUpdate('--availability', 'pause', first);
    // As the catalogue has it without a word; a deploy of that is refused.
    const byRole = [
      '--constraint-rm',
      `node.labels.${LABELS[0]}==true`,
      '--constraint-add',
      'node.role==manager',
    ];
    await operator('service', 'update', '--quiet', '--detach', '--force', ...byRole, MARIADB);
    expect(await runsOn(MARIADB, 'node2')).toBe(true);
    const { status, words } = await deploy();
    expect(status).toBe(1);
    expect(words).toMatch(
      new RegExp(
        `${MARIADB} runs on node2, and its data has been on ${first} since [\\d-]+: it has come up as a new one, or beside its data`,
      ),
    );

    const stop = `docker service scale ${MARIADB}=0`;
    expect(words).toContain(`stop the service (${stop}) and bring it back to that node`);
    expect((await project.typed(stop)).status).toBe(0);
    await nodeUpdate('--availability', 'active', first);
    await nodeUpdate('--availability', 'pause', 'node2');
    await operator('service', 'scale', '--detach', `${MARIADB}=1`);
    expect(await runsOn(MARIADB, first)).toBe(true);
    expect(await rowIsBack()).toBe(true);
    await nodeUpdate('--availability', 'active', 'node2');
  });

  testTerraform('becomes one node again, with its data', async () => {
    const { paths } = runningLab();
    await removeNodes(paths);
    expect(lines(await operator('node', 'ls', '--format', '{{.Hostname}}'))).toEqual([first]);
    expect(await runsOn(USERS, `${first},${first}`)).toBe(true);
    await waitForServices(paths, () => {}, 240);
    expectSuccess(await npmRunLab());
    for (const label of LABELS) await nodeUpdate('--label-rm', label, first);
    expect(await rowIsBack()).toBe(true);
    expect(await brokerIsBack()).toBe(true);
  });
});
