import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replacementsOf } from '../../../../../operations/plan/replacements';
import { readImportPlan, writeImportBlocks } from '../../../../../operations/state/recover/terraform';
import { terraform } from '../../../../../operations/terraform/run';
import { networkOf, newService } from '../../../../support/platform/services';
import { type Json, synthStack } from '../../../../support/platform/template';
import { describeWithProvider, PLUGINS } from '../../../../support/programs/providers';
import { type FakeDaemon, fakeDaemon } from '../../../../unit/operations/docker/fake-daemon';

const describeHere = describeWithProvider(
  'kreuzwerker/docker',
  'an old stack’s plan with the real provider (terraform or its providers are not here)',
);

const OURS = { 'com.docker.stack.namespace': 'acme' };
const volume = (options?: Json, more: Json = {}) => ({
  ...{ Type: 'volume', Source: 'acme_data', Target: '/data' },
  ...(options ? { VolumeOptions: { Labels: OURS, ...options } } : {}),
  ...more,
});
const bind = { Type: 'bind', Source: '/srv/web.conf', Target: '/etc/web.conf', ReadOnly: true };
const ON_MESH = [{ Target: 'n1', Aliases: ['web'] }];

/** A service as `docker stack deploy` makes it. */
const running = (container: Json, networks: Json[] = ON_MESH, more: Json = {}) => ({
  Name: 'acme_web',
  Labels: { ...OURS, 'com.docker.stack.image': 'web' },
  TaskTemplate: {
    ContainerSpec: {
      Image: 'web:latest',
      Labels: OURS,
      Env: ['A=b', 'C=d'],
      Privileges: { CredentialSpec: null, SELinuxContext: null },
      Isolation: 'default',
      ...container,
    },
    Resources: {},
    Placement: {},
    Networks: networks,
    ForceUpdate: 0,
    Runtime: 'container',
  },
  Mode: { Replicated: { Replicas: 1 } },
  EndpointSpec: { Mode: 'vip' },
  ...more,
});

describeHere('what the real provider makes of a service of an older stack', () => {
  let daemon: FakeDaemon;
  let folder: string;
  let service: Json;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'old-stack-'));
    const network = (Id: string, Name: string) => ({
      ...{ Id, Name, Driver: 'overlay', Scope: 'swarm', Attachable: true, Labels: OURS, Options: null },
      IPAM: { Driver: 'default', Options: null, Config: [{ Subnet: '10.0.1.0/24', Gateway: '10.0.1.1' }] },
    });
    daemon = await fakeDaemon((request, _body, response) => {
      const path = (request.url ?? '').replace(/^\/v1\.\d+|\?.*$/g, '');
      const one = { ID: 's1', Version: { Index: 1 }, Spec: service, Endpoint: {} };
      const answers: Record<string, object> = {
        '/_ping': {},
        '/networks/n1': network('n1', 'acme_mesh'),
        '/services/s1': one,
        '/services': [one],
        '/tasks': [],
      };
      response.setHeader('Api-Version', '1.41');
      response.statusCode = answers[path] ? 200 : 404;
      response.end(JSON.stringify(answers[path] ?? { message: `no ${path}` }));
    });
    const { json } = synthStack(
      (stack) =>
        newService(stack, 'web', {
          network: networkOf(stack),
          mounts: [{ type: 'volume', name: 'data', target: '/data' }],
        }),
      { allowDestroy: true },
    );
    json.provider.docker = [{ host: daemon.host }];
    json.terraform.backend = { local: { path: join(folder, 'terraform.tfstate') } };
    writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(json));
    writeImportBlocks(folder, [
      { type: 'docker_network', address: 'docker_network.mesh', name: 'acme_mesh', id: 'n1', isStale: false },
      { type: 'docker_service', address: 'docker_service.web', name: 'acme_web', id: 's1', isStale: false },
    ]);
    const init = await terraform(['init', `-plugin-dir=${PLUGINS}`], { folder });
    if (init.code !== 0) throw new Error(init.stderr);
  });
  afterAll(async () => {
    await daemon.stop();
    rmSync(folder, { recursive: true });
  });

  const replacements = async (spec: Json) => {
    service = spec;
    return replacementsOf(await readImportPlan({ folder }));
  };

  test.each<[string, Json]>([
    [
      'a volume that compose made, with image, environment and the rest of another time',
      running({ Mounts: [volume({})] }),
    ],
    ['files of the server beside it', running({ Mounts: [volume({}), bind] })],
    [
      'ports of its own',
      running({ Mounts: [volume({})] }, ON_MESH, {
        EndpointSpec: {
          Mode: 'vip',
          Ports: [{ Protocol: 'tcp', TargetPort: 80, PublishedPort: 80, PublishMode: 'ingress' }],
        },
      }),
    ],
  ])('%s: is updated in place', async (_what, spec) => {
    expect(await replacements(spec)).toEqual([]);
  });

  const CURE =
    'docker service update --mount-add type=volume,source=acme_data,target=/data,volume-label=com.docker.stack.namespace=acme acme_web';
  test.each<[string, Json, string, string | undefined]>([
    [
      '`driver: local`',
      running({ Mounts: [volume({ DriverConfig: { Name: 'local' } })] }),
      'driver local → none',
      CURE,
    ],
    ['nocopy', running({ Mounts: [volume({ NoCopy: true })] }), 'no_copy true → none', CURE],
    [
      'an external volume',
      running({ Mounts: [volume()] }),
      'labels none → com.docker.stack.namespace=acme',
      CURE,
    ],
    ['no volume', running({}), 'mount /data: runs without', CURE],
    [
      'a second network',
      running({ Mounts: [volume({})] }, [...ON_MESH, { Target: 'n2', Aliases: ['web'] }]),
      'network n2: the catalogue has none such',
      'docker service update --network-rm n2 acme_web',
    ],
  ])('%s: is replaced, and the words say why and how not', async (_what, spec, difference, command) => {
    const [one] = await replacements(spec);
    expect(one).toMatchObject({ service: 'web', differences: [expect.stringContaining(difference)] });
    expect(one?.command).toBe(command);
  });

  test('with the mount that the command makes nothing is replaced any more', async () => {
    // As `docker service update --mount-add` writes it.
    expect(await replacements(running({ Mounts: [volume({ DriverConfig: {} })] }))).toEqual([]);
  });
});
