import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kafka, type PlatformSpec } from '../../../../constructs';
import { archiveOf, contentOf } from '../../../../operations/docker/volume/archive';
import { catalogue } from '../../../support/platform/catalogue';
import { SHELL, Workplace } from '../../../support/platform/platform';
import { buildDriver } from '../../../support/programs/driver';
import { describeWithTerraform } from '../../../support/programs/terraform';
import { type FakeDaemon, fakeDaemon } from '../../../unit/operations/docker/fake-daemon';

const SERVICE = 'acme_kafka';
const VOLUME = 'acme_kafka_data';

const FILE = '.proctorwise-data';
const OWNER = { uid: 1000, gid: 1000 };

/** A folder's archive, with a file in it or without. */
function archive(full: boolean): Buffer {
  const names = ['look/', ...(full ? ['look/meta.properties'] : [])];
  const headers = names.map((name) => archiveOf({ name, content: '', ...OWNER }).subarray(0, 512));
  return Buffer.concat([...headers, Buffer.alloc(1024)]);
}

/** As much of an engine as the steps ask for: one node, one service, one volume. */
class Engine {
  runs = false;
  volume: 'data' | 'empty' | undefined;
  /** The file with the id in the volume. */
  fileWithId: string | undefined;
  labels: Record<string, string> = {};
  readonly configs: {
    ID: string;
    CreatedAt: string;
    Spec: { Name: string; Labels: Record<string, string> };
  }[] = [];
  daemon!: FakeDaemon;

  async start(): Promise<void> {
    this.daemon = await fakeDaemon((request, body, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://engine');
      const path = `${request.method} ${pathname}`;
      const answer = this.answers(path, body, searchParams.get('path') ?? '');
      if (Buffer.isBuffer(answer))
        response.writeHead(200, { 'content-type': 'application/x-tar' }).end(answer);
      else if (answer === 404) response.writeHead(404).end('{"message":"Could not find the file"}');
      else if (answer === undefined) response.writeHead(500).end(`{"message":"unexpected ${path}"}`);
      else response.writeHead(/create$/.test(path) ? 201 : 200).end(JSON.stringify(answer));
    });
  }

  private answers(path: string, body: string, at: string): unknown {
    const node = {
      ID: 'n1',
      Version: { Index: 1 },
      Spec: { Role: 'manager', Availability: 'active', Labels: this.labels },
      Description: { Hostname: 'vps' },
      Status: { State: 'ready' },
    };
    switch (path) {
      case 'GET /info':
        return { Swarm: { NodeID: 'n1' } };
      case 'GET /nodes':
        return [node];
      case 'GET /nodes/n1':
        return node;
      case 'POST /nodes/n1/update':
        this.labels = JSON.parse(body).Labels;
        return {};
      case 'GET /services':
        return this.runs ? [{ ID: 's1', Spec: { Name: SERVICE, TaskTemplate: {} } }] : [];
      case 'GET /tasks':
        return [
          {
            NodeID: 'n1',
            CreatedAt: '',
            Status: { State: 'running', ContainerStatus: { ContainerID: 'c' } },
          },
        ];
      case 'GET /configs':
        return this.configs;
      case 'POST /configs/create':
        this.configs.push({ ID: 'c1', CreatedAt: '2026-11-27T12:00:00Z', Spec: JSON.parse(body) });
        return { ID: 'c1' };
      case 'GET /volumes':
        return { Volumes: this.volume ? [{ Name: VOLUME }] : [] };
      case 'GET /images/json':
        return [{ Id: 'i1' }];
      case 'GET /containers/json':
        return [];
      case 'GET /containers/c/json':
        return { Mounts: [{ Type: 'volume', Name: VOLUME, Destination: '/data' }] };
      case 'PUT /containers/c/archive':
        this.fileWithId = contentOf(Buffer.from(body));
        return {};
      case 'POST /containers/create':
        return { Id: 'look' };
      case 'GET /containers/look/json':
        return {};
      case 'GET /containers/c/archive':
      case 'GET /containers/look/archive':
        if (!at.endsWith(FILE)) return archive(this.volume === 'data');
        if (this.fileWithId === undefined) return 404;
        return archiveOf({ name: FILE, content: this.fileWithId, ...OWNER });
      case 'DELETE /containers/look':
        return {};
    }
    return undefined;
  }
}

/** The steps of a synthesized stack and their script, under Terraform, with stand-ins for the service and the engine. */
describeWithTerraform('the steps around a backend, as Terraform runs them', () => {
  const workplace = new Workplace();
  const engine = new Engine();
  const folder = join(workplace.folder, 'apply');

  beforeAll(async () => {
    await engine.start();
    const place = join(workplace.folder, 'scripts', 'place.js');
    buildDriver(place, "import './cli/gate/place';");
    const { kafka: written } = catalogue.backends!;
    const spec: PlatformSpec = {
      ...catalogue,
      backends: {
        ...catalogue.backends,
        kafka: kafka({ ...(written.spec as Parameters<typeof kafka>[0]), placement: 'pinned' }),
      },
    };
    const { json, outdir } = workplace.synth(spec, 'production', SHELL);
    mkdirSync(folder);
    cpSync(join(outdir, 'stacks', 'swarm', 'assets'), join(folder, 'assets'), { recursive: true });
    const { kafka_place, kafka_data } = json.resource.null_resource;
    const steps = JSON.stringify({ kafka_place, kafka_data })
      .replaceAll(/\\"host\\" = \\"ssh:[^"\\]+\\"/g, `\\"host\\" = \\"${engine.daemon.host}\\"`)
      .replaceAll('docker_service.kafka', 'terraform_data.kafka')
      .replaceAll('"triggers"', '"triggers_replace"')
      .replaceAll('"null_resource.kafka_rollout"', '"terraform_data.kafka"');
    const { depends_on } = json.resource.docker_service.kafka;
    const main = {
      variable: { image: {} },
      resource: {
        terraform_data: {
          ...JSON.parse(steps),
          kafka: {
            input: '${var.image}',
            depends_on: depends_on.map((one: string) => one.replace('null_resource', 'terraform_data')),
          },
        },
      },
    };
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(main));
    await terraform('init');
  });
  afterAll(async () => {
    await engine.daemon.stop();
    workplace.remove();
  });

  function terraform(...args: string[]): Promise<{ status: number; output: string }> {
    const env = { PATH: process.env.PATH, HOME: folder, CHECKPOINT_DISABLE: '1', TF_CLI_ARGS: '-no-color' };
    return new Promise((done) =>
      execFile('terraform', args, { cwd: folder, env }, (error, stdout, stderr) =>
        done({ status: error ? Number(error.code) : 0, output: stdout + stderr }),
      ),
    );
  }
  /** With the service that comes up of it. */
  const apply = (image: string) => terraform('apply', '-auto-approve', '-input=false', `-var=image=${image}`);
  const imageInState = async () =>
    /"kafka:\d"/.exec((await terraform('state', 'show', 'terraform_data.kafka')).output)?.[0];

  test('the first deploy labels the node before the service is made', async () => {
    // It comes up as soon as it may; whoever looks before sees nothing of it.
    const { status, output } = await apply('kafka:1');
    expect(engine.labels).toEqual({ 'acme.kafka': 'true' });
    expect(output.indexOf('labelled acme.kafka=true')).toBeLessThan(
      output.indexOf('terraform_data.kafka: Creating'),
    );
    // Nothing came up: that is no success, and nothing is remembered.
    expect([status, engine.configs]).toEqual([1, []]);
    expect(output).toContain('no task of acme_kafka runs');
  });

  test('once it runs, that it has data is remembered', async () => {
    engine.runs = true;
    expect(await apply('kafka:1')).toMatchObject({ status: 0 });
    expect(engine.configs.map(({ Spec }) => Spec.Name)).toEqual(['data.acme_kafka']);
    expect(engine.configs[0]!.Spec.Labels).toMatchObject({
      'proctorwise.data.id': engine.fileWithId!.trim(),
      'proctorwise.data.volumes': VOLUME,
    });
    expect((await apply('kafka:1')).output).toContain('No changes');
  });

  test.each([undefined, 'empty'] as const)(
    'with a volume that is %s, the service is not touched',
    async (volume) => {
      Object.assign(engine, { runs: false, volume });
      const { status, output } = await apply('kafka:2');
      expect(status).toBe(1);
      expect(output).toMatch(
        /the volume acme_kafka_data is (not there|empty), and its data has been on vps since 2026-11-27: acme_kafka would come up as a new one/,
      );
      expect(output).not.toMatch(/terraform_data\.kafka: (Modifying|Creating)/);
      expect(await imageInState()).toBe('"kafka:1"');
    },
  );

  test.each([
    [true, 'acme_kafka runs on other data than that which has been on vps since 2026-11-27: it has come up'],
    [
      false,
      'acme_kafka_data has other data than that which has been on vps since 2026-11-27: acme_kafka would',
    ],
  ])('with other data than it had, the service is not touched; it runs: %s', async (runs, words) => {
    const { fileWithId } = engine;
    Object.assign(engine, { runs, volume: 'data', fileWithId: undefined });
    const { status, output } = await apply('kafka:2');
    expect(status).toBe(1);
    expect(output).toContain(words);
    expect(output).not.toMatch(/terraform_data\.kafka: (Modifying|Creating)/);
    expect(engine.fileWithId).toBeUndefined();
    Object.assign(engine, { runs: false, volume: undefined, fileWithId });
  });

  test('neither is one that is made again, since it was removed by hand', async () => {
    await terraform('state', 'rm', 'terraform_data.kafka');
    const { status, output } = await apply('kafka:2');
    expect(status).toBe(1);
    expect(output).toContain('would come up as a new one');
    expect(output).not.toContain('terraform_data.kafka: Creating');
  });

  test('with its data back, it is', async () => {
    engine.volume = 'data';
    const answered = apply('kafka:2');
    engine.runs = true;
    expect(await answered).toMatchObject({ status: 0 });
    expect(await imageInState()).toBe('"kafka:2"');
  });
});
