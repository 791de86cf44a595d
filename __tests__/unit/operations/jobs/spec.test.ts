import type { ServiceSpec } from '../../../../operations/docker/answers';
import { exitCodeOf } from '../../../../operations/jobs/by-hand';
import { commandOf, type Job, jobName, jobSpec, leftOut, taskWith } from '../../../../operations/jobs/spec';

const spec = {
  Name: 'shop_web',
  Labels: { 'com.docker.stack.namespace': 'shop' },
  TaskTemplate: {
    ForceUpdate: 7,
    ContainerSpec: {
      Image: 'shop/web:1@sha256:aa',
      Labels: { 'com.docker.stack.namespace': 'shop' },
      Command: ['/bin/sh', '/launch'],
      Args: ['--drain=6', '--signal=QUIT', '--wait-seconds=60', 'A=1', '--', 'web', '--', 'x'],
      Secrets: [{ SecretID: 's1' }],
      Mounts: [
        { Type: 'volume', Source: 'shop_files', Target: '/files' },
        { Type: 'tmpfs', Target: '/tmp' },
      ],
      Healthcheck: { Test: ['CMD', 'true'] },
    },
    Resources: { Limits: { NanoCPUs: 1, MemoryBytes: 2 }, Reservations: { NanoCPUs: 1 } },
    RestartPolicy: { Condition: 'any' },
    Placement: { Constraints: ['node.role==manager'], MaxReplicas: 1 },
    Networks: [{ Target: 'n1', Aliases: ['web'] }],
  },
  Mode: { Replicated: { Replicas: 3 } },
  UpdateConfig: { Order: 'start-first' },
  EndpointSpec: { Ports: [{ PublishedPort: 80 }] },
} as unknown as ServiceSpec;

const job = (template: Job['template']): Job => ({
  kind: 'run',
  suffix: 'run-1',
  of: 'shop_web',
  namespace: 'shop',
  template,
  timeoutSeconds: 60,
});

test('a job has what the service has, runs once, and is found by nobody', () => {
  const made = jobSpec(job(taskWith(['python', '-m', 'x'], spec)), 1_000_000);
  expect(made).toEqual({
    Name: 'shop_web-run-1',
    Labels: {
      'com.docker.stack.namespace': 'shop',
      'proctor.job': 'run',
      'proctor.job.of': 'shop_web',
      'proctor.job.until': String(1_000 + 60 + 1_800),
    },
    TaskTemplate: {
      ContainerSpec: {
        Image: 'shop/web:1@sha256:aa',
        Labels: { 'com.docker.stack.namespace': 'shop', 'proctor.job': 'run', 'proctor.job.of': 'shop_web' },
        Command: ['/bin/sh', '/launch'],
        Args: ['--wait-seconds=60', 'A=1', '--', 'python', '-m', 'x'],
        Secrets: [{ SecretID: 's1' }],
        Mounts: [
          { Type: 'volume', Source: 'shop_files', Target: '/files' },
          { Type: 'tmpfs', Target: '/tmp' },
        ],
        Healthcheck: { Test: ['NONE'] },
      },
      Resources: { Limits: { NanoCPUs: 1, MemoryBytes: 2 } },
      // Another task waits for a year, and its job is removed before.
      RestartPolicy: { Condition: 'on-failure', Delay: 31_536_000e9 },
      Placement: { Constraints: ['node.role==manager'] },
      Networks: [{ Target: 'n1' }],
    },
    Mode: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } },
  });
});

test('two tasks never write the data of one', () => {
  const stateful = { ...spec, UpdateConfig: { Order: 'stop-first' } } as ServiceSpec;
  expect(taskWith(['x'], stateful).ContainerSpec?.Mounts).toEqual([{ Type: 'tmpfs', Target: '/tmp' }]);
  expect(leftOut(stateful)).toEqual(['/files']);
  expect(leftOut(spec)).toEqual([]);
});

test('without the launcher the command is the whole', () => {
  expect(commandOf({ Command: ['/bin/sh', '/acme'], Args: ['NAMES=--'] }, ['certbot', '--version'])).toEqual({
    Command: ['certbot', '--version'],
  });
  expect(commandOf({ Args: ['serve'] }, ['id'])).toEqual({ Command: ['id'] });
});

test('its name fits, however long the service’s is', () => {
  const name = jobName({ of: `shop_${'a'.repeat(70)}`, suffix: 'run-abcdef' });
  expect(name).toHaveLength(63);
  expect(name).toMatch(/^shop_a+-run-abcdef$/);
});

test.each([
  [{ outcome: 'completed', exitCode: 0, seconds: 1 }, 0],
  [{ outcome: 'failed', exitCode: 3, seconds: 1 }, 3],
  [{ outcome: 'failed', seconds: 0 }, 125],
  [{ outcome: 'timedOut', seconds: 61 }, 124],
  [{ outcome: 'stopped', exitCode: 130, seconds: 1 }, 130],
  [{ outcome: 'stopped', seconds: 1 }, 143],
  [{ outcome: 'removed', seconds: 1 }, 125],
  [{ outcome: 'notStarted', seconds: 0 }, 125],
  [{ outcome: 'lost', seconds: 60 }, 125],
] as const)('%j is exit status %d', (end, status) => {
  expect(exitCodeOf(end)).toBe(status);
});
