import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OverlayNetwork, SwarmConfig } from '../../../../../constructs/swarm';
import { readDeclared } from '../../../../../operations/state/recover/declared';
import { matchObjects } from '../../../../../operations/state/recover/match';
import { placeToPlan } from '../../../../../operations/state/recover/place';
import {
  importObject,
  planImports,
  writeImportBlocks,
} from '../../../../../operations/state/recover/terraform';
import { terraform } from '../../../../../operations/terraform/run';
import { parseContents, readContents } from '../../../../../operations/terraform/state-contents';
import { synthStack } from '../../../../support/platform/template';
import { describeWithProvider, PLUGINS } from '../../../../support/programs/providers';
import { type FakeDaemon, fakeDaemon } from '../../../../unit/operations/docker/fake-daemon';

const describeHere = describeWithProvider(
  'kreuzwerker/docker',
  'imports with the real provider (terraform or its providers are not here)',
);

const CONTENT = 'listen 80;\n';

describeHere('with the real provider', () => {
  let daemon: FakeDaemon;
  let folder: string;
  let config = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'imports-'));
    // As the engine tells a network and a config that a deploy has made.
    const network = {
      Id: 'n1',
      Name: 'acme_acme',
      Driver: 'overlay',
      Scope: 'swarm',
      Attachable: true,
      IPAM: { Driver: 'default', Options: null, Config: [{ Subnet: '10.0.1.0/24', Gateway: '10.0.1.1' }] },
      Options: { 'com.docker.network.driver.overlay.vxlanid_list': '4097' },
      Labels: { 'com.docker.stack.namespace': 'acme' },
    };
    daemon = await fakeDaemon((request, _body, response) => {
      const path = (request.url ?? '').replace(/^\/v1\.\d+|\?.*$/g, '');
      const data = Buffer.from(CONTENT).toString('base64');
      const answers: Record<string, object> = {
        '/_ping': {},
        '/networks/n1': network,
        '/configs/c1': { ID: 'c1', Version: { Index: 1 }, Spec: { Name: config, Data: data, Labels: {} } },
      };
      response.setHeader('Api-Version', '1.41');
      response.statusCode = answers[path] ? 200 : 404;
      response.end(JSON.stringify(answers[path] ?? { message: `no ${path}` }));
    });
    const { json } = synthStack((stack) => {
      new OverlayNetwork(stack, 'acme');
      config = new SwarmConfig(stack, 'conf', { content: CONTENT }).configName;
    });
    json.provider.docker = [{ host: daemon.host }];
    json.terraform.backend = { local: { path: join(folder, 'terraform.tfstate') } };
    writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(json));
    const init = await terraform(['init', `-plugin-dir=${PLUGINS}`], { folder });
    if (init.code !== 0) throw new Error(init.stderr);
  });
  afterAll(async () => {
    await daemon.stop();
    rmSync(folder, { recursive: true });
  });

  const matches = async () =>
    matchObjects(
      readDeclared(folder),
      [
        { type: 'docker_network', id: 'n1', name: 'acme_acme' },
        { type: 'docker_config', id: 'c1', name: config },
      ],
      await readContents({ folder }),
    );

  test('a plan with import blocks takes a network and a config over as they are, and writes no state', async () => {
    writeImportBlocks(folder, await matches());
    const planned = await planImports({ folder });
    expect(planned).toEqual({
      imported: [`docker_config.conf["${config.slice(-10)}"]`, 'docker_network.acme'],
      created: [],
      changed: [],
      destroyed: [],
      renewed: [],
    });
    expect(await readContents({ folder })).toEqual([]);
  });

  test('imported one by one they are in the state, and the plan has nothing left to do', async () => {
    writeImportBlocks(folder, []);
    for (const match of await matches()) await importObject(match, { folder });
    expect(await matches()).toEqual([]);
    expect((await readContents({ folder })).map(({ id, namespace }) => [id, namespace]).sort()).toEqual([
      ['c1', ''],
      ['n1', 'acme'],
    ]);
    expect(Object.values(await planImports({ folder })).flat()).toEqual([]);
  });

  test('what was made anew takes the old one’s place in the state', async () => {
    const pulled = await terraform(['state', 'pull'], { folder });
    const [network] = parseContents(pulled.output).filter(({ id }) => id === 'n1');
    const stale = {
      type: 'docker_network',
      address: network!.address,
      name: 'acme_acme',
      id: 'n1',
      isStale: true,
    };
    await importObject(stale as Parameters<typeof importObject>[0], { folder });
    expect((await readContents({ folder })).filter(({ id }) => id === 'n1')).toHaveLength(1);
  });

  test('one whose place in the state an object has that is gone is planned as an import, and the state stays', async () => {
    const file = join(folder, 'terraform.tfstate');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"n1"', '"gone"'));
    const before = readFileSync(file, 'utf8');
    const stale = await matches();
    expect(stale).toEqual([expect.objectContaining({ id: 'n1', isStale: true })]);
    const stack = { folder, localState: 'terraform.tfstate' };
    const { run, remove } = await placeToPlan(stack, { folder }, stale);
    writeImportBlocks(run.folder, stale);
    expect(await planImports(run)).toMatchObject({
      imported: ['docker_network.acme'],
      created: [],
      destroyed: [],
    });
    const place = run.folder;
    remove();
    expect(existsSync(place)).toBe(false);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});
