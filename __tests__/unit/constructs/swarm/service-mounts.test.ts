import {
  type Mount,
  type PublishedPort,
  SwarmConfig,
  SwarmSecret,
  type SwarmServiceProps,
  type SwarmStack,
} from '../../../../constructs/swarm';
import { newService } from '../../../support/platform/services';
import { type Json, synthStack } from '../../../support/platform/template';

const LABELS = [{ label: 'com.docker.stack.namespace', value: 'acme' }];

const service = (
  props: Partial<SwarmServiceProps> | ((stack: SwarmStack) => Partial<SwarmServiceProps>) = {},
): Json =>
  synthStack((stack) =>
    newService(stack, 'web', typeof props === 'function' ? props(stack) : props),
  ).resource('docker_service', 'web');
const container = (props: Parameters<typeof service>[0]): Json => service(props).task_spec.container_spec;

describe('mounts', () => {
  test.each<[string, Mount, Json]>([
    [
      'a volume in the namespace, which Terraform cannot delete',
      { type: 'volume', name: 'data', target: '/data' },
      {
        type: 'volume',
        source: 'acme_data',
        target: '/data',
        read_only: false,
        volume_options: { labels: LABELS },
      },
    ],
    [
      'a volume to read from, without labels: adding such a mount must not replace the service',
      { type: 'volume', name: 'data', target: '/data', readOnly: true, shared: true },
      {
        type: 'volume',
        source: 'acme_data',
        target: '/data',
        read_only: true,
      },
    ],
    // tmpfs_options crash the provider.
    ['a tmpfs without options', { type: 'tmpfs', target: '/run' }, { type: 'tmpfs', target: '/run' }],
    [
      'a folder of the host',
      { type: 'bind', source: '/srv', target: '/srv', readOnly: true },
      { type: 'bind', source: '/srv', target: '/srv', read_only: true },
    ],
  ])('%s', (_, mount, written) => expect(container({ mounts: [mount] }).mounts).toEqual([written]));

  test('no volume is a resource', () => {
    const mounts: Mount[] = [{ type: 'volume', name: 'data', target: '/data' }];
    const { json } = synthStack((stack) => newService(stack, 'web', { mounts }));
    expect(Object.keys(json.resource)).toEqual(['docker_network', 'docker_service']);
  });
});

test.each<[PublishedPort, string]>([
  [{ published: 443, target: 8443 }, 'host'],
  [{ published: 443, target: 8443, mode: 'ingress' }, 'ingress'],
])('%j is published in mode %s', (port, mode) => {
  expect(service({ publishedPorts: [port] }).endpoint_spec.ports).toEqual([
    { protocol: 'tcp', published_port: 443, target_port: 8443, publish_mode: mode },
  ]);
});

describe('configs and secrets', () => {
  test('are mounted read-only for all users, under their own names, by default', () => {
    const { secrets, configs } = container((stack) => ({
      secrets: [{ secret: new SwarmSecret(stack, 'db_password') }],
      configs: [{ config: new SwarmConfig(stack, 'conf', { content: 'x' }), target: '/etc/conf' }],
    }));
    const owner = { file_uid: '0', file_gid: '0', file_mode: 292 };
    expect(secrets).toEqual([
      {
        secret_id: '${docker_secret.db_password[one(local.db_password_hashes)].id}',
        secret_name: '${docker_secret.db_password[one(local.db_password_hashes)].name}',
        file_name: 'db_password',
        ...owner,
      },
    ]);
    expect(configs).toEqual([
      {
        config_id: expect.stringMatching(/^\$\{docker_config\.conf\["[0-9a-f]{10}"\]\.id\}$/),
        config_name: expect.stringMatching(/^acme_conf_[0-9a-f]{10}$/),
        file_name: '/etc/conf',
        ...owner,
      },
    ]);
  });

  test('take another file name and mode', () => {
    const { secrets, configs } = container((stack) => ({
      secrets: [{ secret: new SwarmSecret(stack, 'key'), file: 'privkey.pem', mode: 0o400 }],
      configs: [{ config: new SwarmConfig(stack, 'run', { content: 'x' }), target: '/run.sh', mode: 0o555 }],
    }));
    expect(secrets).toMatchObject([{ file_name: 'privkey.pem', file_mode: 256 }]);
    expect(configs).toMatchObject([{ file_mode: 365 }]);
  });

  test('an optional secret is mounted for each version that there is: none, or one', () => {
    const { secrets, dynamic } = container((stack) => ({
      secrets: [
        {
          secret: new SwarmSecret(stack, 'smtp_user', { optional: true }),
          file: 'SMTP_USERNAME',
          mode: 0o400,
        },
        { secret: new SwarmSecret(stack, 'db_password') },
      ],
    }));
    expect(secrets).toHaveLength(1);
    expect(dynamic.secrets).toEqual([
      {
        for_each: '${local.smtp_user_hashes}',
        content: {
          secret_id: '${docker_secret.smtp_user[secrets.value].id}',
          secret_name: '${docker_secret.smtp_user[secrets.value].name}',
          file_name: 'SMTP_USERNAME',
          file_uid: '0',
          file_gid: '0',
          file_mode: 256,
        },
      },
    ]);
  });
});
