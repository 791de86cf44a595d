import {
  Healthcheck,
  type Mount,
  type PublishedPort,
  SwarmConfig,
  SwarmSecret,
  SwarmService,
  type SwarmServiceProps,
  type SwarmStack,
  UpdatePolicy,
} from '../../constructs/swarm';
import { Cpu, Duration, Memory } from '../../constructs/units';
import { newService, PINNED } from '../support/services';
import { type Json, synthStack } from '../support/template';

const LABELS = [{ label: 'com.docker.stack.namespace', value: 'acme' }];

const service = (
  props: Partial<SwarmServiceProps> | ((stack: SwarmStack) => Partial<SwarmServiceProps>) = {},
): Json =>
  synthStack((stack) =>
    newService(stack, 'web', typeof props === 'function' ? props(stack) : props),
  ).resource('docker_service', 'web');
const container = (props: Parameters<typeof service>[0]): Json => service(props).task_spec.container_spec;

test('with all defaults it says everything that the provider would otherwise read back differently', () => {
  const { '//': _, ...resource } = service();
  expect(resource).toEqual({
    name: 'acme_web',
    labels: LABELS,
    mode: { replicated: { replicas: 2 } },
    depends_on: [],
    endpoint_spec: { mode: 'dnsrr', ports: [] },
    lifecycle: { ignore_changes: ['labels', 'task_spec[0].container_spec[0].labels'] },
    update_config: {
      parallelism: 1,
      delay: '10s',
      monitor: '10s',
      max_failure_ratio: '0.0',
      order: 'start-first',
      failure_action: 'rollback',
    },
    rollback_config: {
      parallelism: 1,
      delay: '10s',
      monitor: '10s',
      max_failure_ratio: '0.0',
      order: 'start-first',
      failure_action: 'pause',
    },
    task_spec: {
      container_spec: {
        image: PINNED.toString(),
        labels: LABELS,
        mounts: [],
        secrets: [],
        configs: [],
        healthcheck: {
          test: ['CMD', 'true'],
          interval: '5s',
          timeout: '3s',
          start_period: '30s',
          retries: 3,
        },
        stop_grace_period: '10s',
      },
      resources: {
        limits: { nano_cpus: 500_000_000, memory_bytes: 512 * 1024 ** 2 },
        reservation: { nano_cpus: 250_000_000, memory_bytes: 256 * 1024 ** 2 },
      },
      restart_policy: { condition: 'any', delay: '5s', window: '0s' },
      log_driver: { name: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
      networks_advanced: [{ name: '${docker_network.mesh.id}', aliases: ['web'] }],
    },
  });
});

test('with every prop it says each of them', () => {
  const resource = service({
    image: PINNED,
    replicas: 3,
    limits: { cpus: Cpu.cores(2), memory: Memory.gibibytes(1) },
    reservations: { cpus: Cpu.millis(100), memory: Memory.mebibytes(64) },
    healthcheck: Healthcheck.http('/health', { startPeriod: Duration.minutes(2), retries: 5 }),
    port: 8000,
    command: ['/bin/sh', '/launch'],
    args: ['KEY=value', '--', 'run'],
    environment: { ONLY: 'one' },
    hostname: 'web',
    constraints: ['node.role==manager', 'node.labels.data==true'],
    updatePolicy: UpdatePolicy.stopFirst({
      parallelism: 2,
      delay: Duration.seconds(40),
      monitor: Duration.seconds(30),
      maxFailureRatio: 0.5,
      failureAction: 'continue',
    }),
    stopGracePeriod: Duration.seconds(75),
    stopSignal: 'SIGQUIT',
    restartPolicy: { condition: 'on-failure', delay: Duration.seconds(1), maxAttempts: 4 },
    logDriver: { name: 'local', options: { 'max-size': '1m' } },
    endpointMode: 'vip',
  });
  expect(resource).toMatchObject({
    mode: { replicated: { replicas: 3 } },
    endpoint_spec: { mode: 'vip' },
    update_config: {
      parallelism: 2,
      delay: '40s',
      monitor: '30s',
      max_failure_ratio: '0.5',
      order: 'stop-first',
      failure_action: 'continue',
    },
    rollback_config: {
      parallelism: 2,
      delay: '40s',
      monitor: '30s',
      order: 'stop-first',
      failure_action: 'pause',
    },
    task_spec: {
      container_spec: {
        command: ['/bin/sh', '/launch'],
        args: ['KEY=value', '--', 'run'],
        env: { ONLY: 'one' },
        hostname: 'web',
        healthcheck: { start_period: '2m', retries: 5 },
        stop_grace_period: '1m15s',
        stop_signal: 'SIGQUIT',
      },
      resources: { limits: { nano_cpus: 2e9 }, reservation: { memory_bytes: 64 * 1024 ** 2 } },
      placement: { constraints: ['node.role==manager', 'node.labels.data==true'] },
      restart_policy: { condition: 'on-failure', delay: '1s', max_attempts: 4, window: '0s' },
      log_driver: { name: 'local', options: { 'max-size': '1m' } },
    },
  });
});

test.each([0, -1, 1.5, Number.NaN])(
  'refuses %d replicas with its path and what to do instead',
  (replicas) => {
    expect(() => service({ replicas })).toThrow(
      `swarm/web: replicas ${replicas}\n  expected a whole number, 1 or more; to stop a service for a while, scale it by hand`,
    );
  },
);

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
      'a volume to read from',
      { type: 'volume', name: 'data', target: '/data', readOnly: true, shared: true },
      {
        type: 'volume',
        source: 'acme_data',
        target: '/data',
        read_only: true,
        volume_options: { labels: LABELS },
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

test('a command is text, arguments may hold expressions', () => {
  const { command, args } = container({
    command: ['sh', '-c', 'echo ${HOME}'],
    args: ['HOST=${var.smtp_host}'],
  });
  expect(command[2]).toBe('echo $${HOME}');
  expect(args).toEqual(['HOST=${var.smtp_host}']);
});

test('waits for what must have been done before', () => {
  const template = synthStack((stack) => {
    const database = newService(stack, 'database');
    newService(stack, 'other');
    const web = newService(stack, 'web');
    expect(web.address).toBe('docker_service.web');
    expect(web.serviceName).toBe('acme_web');
    const config = new SwarmConfig(stack, 'conf', { content: 'x' });
    new SwarmService(stack, 'late', web.props, [database, config]);
  });
  expect(template.resource('docker_service', 'late').depends_on).toEqual([
    'docker_service.database',
    'docker_config.conf',
  ]);
});

test.each(['user-service', 'user_service', 'a'])('its address is its id, as a contract: %s', (id) => {
  const template = synthStack((stack) => {
    expect(newService(stack, id).address).toBe(`docker_service.${id}`);
  });
  expect(template.names('docker_service')).toEqual([id]);
});

test('the escape hatch reaches what the class does not model', () => {
  const template = synthStack((stack) => {
    newService(stack, 'web').resource.addOverride('task_spec.container_spec.read_only', true);
  });
  expect(template.resource('docker_service', 'web').task_spec.container_spec.read_only).toBe(true);
});
