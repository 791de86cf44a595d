import type { TaskSpec } from '../../../../operations/docker/answers';
import { likelyCause } from '../../../../operations/rollout/cause';
import { spec, task } from './swarm-says';

const cause = (error: string, state = 'failed', template: Partial<TaskSpec> = {}) => {
  const made = task({ state, error });
  return likelyCause({ ...made, Spec: { ...made.Spec, ...template } }, spec('app:v2'));
};

// Errors as Docker 20.10 and 26 write them.
test.each([
  ['No such image: app:v2', /registry does not have app:v2.*login/],
  [
    'pull access denied for app, repository does not exist or may require docker login',
    /login is missing or expired/,
  ],
  ['No such image: app:v2', /does not answer.*disk is full/],
  // As Docker 29 writes them: the pull's own words.
  [
    'failed to resolve reference "127.0.0.1:5000/app:v2": 127.0.0.1:5000/app:v2: not found',
    /^the registry does not have app:v2: check the tag/,
  ],
  [
    'failed to resolve reference "127.0.0.1:5000/app:v2": failed to do request: Head "https://127.0.0.1:5000/v2/app/manifests/v2": dial tcp 127.0.0.1:5000: connect: connection refused',
    /^the registry of app:v2 does not answer/,
  ],
  [
    'failed to resolve reference "docker.io/acme/app:v2": unexpected status from HEAD request to https://registry-1.docker.io/v2/acme/app/manifests/v2: 429 Too Many Requests',
    /^its registry has limited the pulls/,
  ],
  [
    'failed to resolve reference "ghcr.io/acme/app:v2": failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token: 401 Unauthorized',
    /login is missing or expired/,
  ],
  ['mkdir /var/lib/docker/overlay2/1-init: no space left on device', /^the node’s disk is full/],
  ['task: non-zero exit (137): dockerexec: unhealthy container', /health check kept failing/],
  ['no suitable node (host-mode port already in use on 1 node)', /stop-first/],
  ['no suitable node (max replicas per node limit exceed on 1 node)', /max_replicas/],
  ['no suitable node (1 node not available for new tasks)', /docker node ls/],
  // A global service's task is bound to its node, and Swarm leaves the first words out.
  ['host-mode port already in use on 1 node', /stop-first/],
  ['insufficient resources on 1 node', /reservation free/],
  ['1 node not available for new tasks', /docker node ls/],
  [
    'starting container failed: exec: "serve": executable file not found in $PATH: unknown',
    /command does not exist/,
  ],
  ['invalid mount config for type "bind": bind source path does not exist: /data', /folder does not exist/],
  ['task: non-zero exit (127)', /does not exist in the image/],
  ['task: non-zero exit (137)', /SIGKILL/],
  ['task: non-zero exit (3)', /status 3/],
])('explains %j', (error, words) => {
  expect(cause(error)).toMatch(words);
});

test('an image for another processor is told by the engine that starts it, or by the only line of its log', () => {
  const words = 'app:v2 is built for another processor than its node has';
  expect(
    cause('starting container failed: exec /usr/local/bin/serve: exec format error: unknown', 'rejected'),
  ).toContain(words);
  const ended = task({ state: 'failed', error: 'task: non-zero exit (255)' });
  const log = ['exec /docker-entrypoint.sh: exec format error'];
  expect(likelyCause(ended, spec('app:v2'), { log, outOfMemory: false })).toContain(words);
  expect(likelyCause(ended, spec('app:v2'), { log: [], outOfMemory: false })).not.toContain(words);
  // Swarm's scheduler, where the image's platforms are known to it.
  expect(cause('no suitable node (unsupported platform on 1 node)', 'pending')).toMatch(
    /built for another processor/,
  );
});

test('names the reservation and the constraint that no node meets', () => {
  const said = cause(
    'no suitable node (insufficient resources on 1 node; scheduling constraints not satisfied on 1 node)',
    'pending',
    {
      Resources: { Reservations: { NanoCPUs: 2_500_000_000, MemoryBytes: 512 * 1024 * 1024 } },
      Placement: { Constraints: ['node.labels.disk==ssd'] },
    },
  );
  expect(said).toMatch(/2\.5 CPU, 512 MiB/);
  expect(said).toMatch(/node\.labels\.disk==ssd/);
});

describe('data of another Kafka cluster', () => {
  const exited = task({ state: 'failed', error: 'task: non-zero exit (1)' });
  const Mounts = [
    { Type: 'bind', Source: '/etc/x', Target: '/x' },
    { Type: 'volume', Source: 'shop_kafka_data', Target: '/var/lib/kafka/data' },
  ];
  const broker = { ...exited, Spec: { ...exited.Spec, ContainerSpec: { Image: 'kafka', Mounts } } };
  const said = (...log: string[]) => likelyCause(broker, spec('kafka'), { log, outOfMemory: false });

  test.each([
    [
      'java.lang.RuntimeException: Invalid cluster.id in: /var/lib/kafka/data/meta.properties. Expected 5L6g3nShT-eMCtK--X86sw, but read abc_DEF-123',
      'another Kafka cluster (abc_DEF-123)',
    ],
    [
      "kafka.common.InconsistentClusterIdException: The Cluster ID x doesn't match stored clusterId Some(abc_DEF-123) in meta.properties.",
      'another Kafka cluster (abc_DEF-123)',
    ],
    [
      "Configured clusterId x doesn't match stored clusterId abc_DEF-123",
      'another Kafka cluster (abc_DEF-123)',
    ],
    ['Invalid cluster.id', 'another Kafka cluster, often'],
  ])('is named from %j', (line, words) => {
    const cause = said('[main] INFO starting', line, '\tat kafka.Kafka.main(Kafka.scala)');
    expect(cause).toContain(`the volume shop_kafka_data has the data of ${words}`);
    expect(cause).toContain('nothing of it was changed');
    expect(cause).toMatch(/\n {2}docker volume rm shop_kafka_data &&\n {2}\.\/proctor data forget \w+$/);
  });

  test('is not seen where a broker ended for another reason', () => {
    expect(said('Cluster ID = 5L6g3nShT-eMCtK--X86sw')).toMatch(/status 1/);
  });
});

test('believes the kernel before the exit status', () => {
  const killed = task({ state: 'failed', error: 'task: non-zero exit (137)' });
  expect(likelyCause(killed, spec('app:v2'), { log: [], outOfMemory: true })).toMatch(/memory limit/);
});

test('sees ill health behind a program that ended in good order when it was stopped', () => {
  const ended = task({ state: 'complete', exitCode: 0 });
  const checks = { log: [], outOfMemory: false };
  expect(likelyCause(ended, spec('app:v2'), { ...checks, health: 'exit 1: refused' })).toMatch(
    /health check/,
  );
  expect(likelyCause(ended, spec('app:v2'), { ...checks, health: 'exit 0: ok' })).toMatch(
    /ended by itself with status 0/,
  );
});

test('a task that was told to stop did not end by itself', () => {
  expect(cause('', 'shutdown')).toMatch(/told to stop.*drained/);
});

test('a task that never started did not end by itself, whatever exit status the engine gives it', () => {
  const made = task({ state: 'rejected', error: 'something new' });
  const rejected = { ...made, Status: { ...made.Status, ContainerStatus: { ExitCode: 0 } } };
  expect(likelyCause(rejected as typeof made, spec('app:v2'))).toBeUndefined();
});
