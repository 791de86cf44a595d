import {
  Healthcheck,
  SwarmConfig,
  SwarmService,
  type SwarmServiceProps,
  UpdatePolicy,
} from '../../../../constructs/swarm';
import { Cpu, Duration, Memory } from '../../../../constructs/units';
import { newService, PINNED } from '../../../support/platform/services';
import { type Json, synthStack } from '../../../support/platform/template';

const LABELS = [{ label: 'com.docker.stack.namespace', value: 'acme' }];

const service = (props: Partial<SwarmServiceProps> = {}): Json =>
  synthStack((stack) => newService(stack, 'web', props)).resource('docker_service', 'web');
const container = (props: Partial<SwarmServiceProps>): Json => service(props).task_spec.container_spec;

test('with all defaults it says everything that the provider would otherwise read back differently', () => {
  const { '//': _, ...resource } = service();
  expect(resource).toEqual({
    name: 'acme_web',
    labels: LABELS,
    mode: { replicated: { replicas: 2 } },
    depends_on: [],
    endpoint_spec: { mode: 'dnsrr', ports: [] },
    lifecycle: {
      prevent_destroy: true,
      ignore_changes: ['labels', 'task_spec[0].container_spec[0].labels'],
    },
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
        cap_drop: ['ALL'],
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

test('ignores the platforms that the daemon adds, where there is a placement to have them', () => {
  const platforms = 'task_spec[0].placement[0].platforms';
  expect(service({ constraints: ['node.role==manager'] }).lifecycle.ignore_changes).toContain(platforms);
  expect(service({ constraints: [] }).lifecycle.ignore_changes).not.toContain(platforms);
});

test.each([0, -1, 1.5, Number.NaN])(
  'refuses %d replicas with its path and what to do instead',
  (replicas) => {
    expect(() => service({ replicas })).toThrow(
      `swarm/web: replicas ${replicas}\n  expected a whole number, 1 or more; to stop a service for a while, scale it by hand`,
    );
  },
);

test('takes one replica', () => expect(service({ replicas: 1 }).mode.replicated.replicas).toBe(1));

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

test('it knows whether its tasks run what its props say and no more', () => {
  synthStack((stack) => {
    const [plain, overridden, put, order] = ['plain', 'overridden', 'put', 'order'].map((id) =>
      newService(stack, id),
    ) as [SwarmService, SwarmService, SwarmService, SwarmService];
    overridden.resource.addOverride('task_spec.container_spec.read_only', true);
    put.resource.putTaskSpec({ containerSpec: { image: PINNED.toString(), user: '1000' } });
    order.resource.addOverride('lifecycle.prevent_destroy', false);
    const declared = [plain, overridden, put, order].map((one) => one.isAsDeclared);
    expect(declared).toEqual([true, false, false, true]);
  });
});
