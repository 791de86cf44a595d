import type { SwarmNode } from '../../../../operations/docker/answers';
import { withDocker } from '../../../../operations/docker/client';
import { keepConnection } from '../../../../operations/docker/connect';
import { askRegistries } from '../../../../operations/preflight/registries/ask-registries';
import { platformOfNode, platformsOfImage } from '../../../../operations/preflight/registries/platform';
import { declared } from '../deploy/stack';
import { type FakeDaemon, fakeDaemon } from '../docker/fake-daemon';

let daemon: FakeDaemon;
afterEach(() => daemon.stop());

const node = (architecture: string, state = 'ready'): SwarmNode => ({
  ID: 'n',
  Spec: { Role: 'manager', Availability: 'active' },
  Description: {
    Hostname: architecture,
    Resources: { NanoCPUs: 1, MemoryBytes: 1 },
    Platform: { Architecture: architecture, OS: 'linux' },
  },
  Status: { State: state },
});
const ask = (images: readonly string[], more: Partial<Parameters<typeof askRegistries>[0]> = {}) =>
  askRegistries({
    stack: {
      host: daemon.host,
      sshOptions: [],
      registries: [],
      services: images.map((image, index) => declared(`s${index}`, { image })),
    },
    existing: [],
    nodes: [],
    shell: {},
    seconds: 2,
    ...more,
  });

test('each image has a bound of its own: sixty take longer together than one may', async () => {
  daemon = await fakeDaemon((_request, _body, response) => {
    setTimeout(() => response.end('{}'), 110);
  });
  const images = Array.from({ length: 60 }, (_, index) => `r.test/i${index}:1`);
  // On a machine that others keep busy one answer may take a second.
  const { asked } = await ask(images, { seconds: 3 });
  expect(asked.map(({ image }) => image)).toEqual(images);
  expect(asked.filter(({ error, silentSeconds }) => error ?? silentSeconds)).toEqual([]);
});

test('a registry that is silent is waited for once, and holds up no other', async () => {
  daemon = await fakeDaemon((request, _body, response) => {
    if (!request.url!.includes('silent.test')) response.end('{}');
  });
  const silent = Array.from({ length: 20 }, (_, index) => `silent.test/i${index}:1`);
  // The other one's answer may take a second on a busy machine.
  const { asked } = await ask([...silent, 'other.test/i:1']);
  expect(asked.map(({ silentSeconds }) => silentSeconds)).toEqual([...silent.map(() => 2), undefined]);
  // Both connections may have asked before one of them knew.
  expect(daemon.requests.filter((line) => line.includes('silent.test')).length).toBeLessThanOrEqual(2);
});

test('what else asks the server meanwhile does not stand behind a registry that is silent', async () => {
  daemon = await fakeDaemon((request, _body, response) => {
    if (!request.url!.includes('silent.test')) response.end('[]');
  });
  const ended: string[] = [];
  await keepConnection({ host: daemon.host }, async () => {
    const registries = ask(['silent.test/a:1', 'silent.test/b:1'], { seconds: 3 });
    const isAsked = () => daemon.requests.filter((line) => line.includes('silent.test')).length === 2;
    while (!isAsked()) await new Promise((resolve) => setTimeout(resolve, 10));
    const services = withDocker({ host: daemon.host }, (docker) => docker.services());
    await Promise.all([
      registries.then(() => ended.push('registries')),
      services.then(() => ended.push('services')),
    ]);
  });
  expect(ended).toEqual(['services', 'registries']);
});

test('what has to be pulled is asked about before what runs already', async () => {
  daemon = await fakeDaemon((_request, _body, response) => void response.end('{}'));
  const existing = [
    { Spec: { Name: 'shop_s0', TaskTemplate: { ContainerSpec: { Image: 'r.test/old:1' } } } },
  ];
  const { asked } = await ask(['r.test/old:1', 'r.test/new:1', 'r.test/newer:1'], {
    existing: existing as never,
  });
  expect(asked.map(({ running }) => running)).toEqual([true, false, false]);
  const last = daemon.requests.filter((line) => line.includes('distribution')).at(-1);
  expect(last).toContain('old');
});

describe('an image that its registry does not give', () => {
  const image = `r.test/i:1@sha256:${'a'.repeat(64)}`;
  const held = async (nodes: readonly SwarmNode[], name = image) => {
    daemon = await fakeDaemon((request, _body, response) => {
      const path = (request.url ?? '').split('?')[0]!;
      if (path.includes('distribution')) {
        response.writeHead(404).end('{"message":"manifest unknown"}');
        return;
      }
      const answers: Record<string, unknown> = {
        '/images/json': [{ RepoDigests: [`r.test/i@sha256:${'a'.repeat(64)}`] }],
        '/info': { Swarm: { NodeID: 'n' } },
      };
      response.end(JSON.stringify(answers[path] ?? {}));
    });
    const { asked } = await ask([name], { nodes });
    return asked[0]!.heldBy;
  };

  test('is there all the same where the only node that takes its tasks has it', async () => {
    expect(await held([node('x86_64'), node('aarch64', 'down')])).toBe('x86_64');
  });

  const other = { ...node('aarch64'), ID: 'other' };
  test.each([
    ['another node takes them, too', [node('x86_64'), other], image],
    ['another node alone takes them', [other], image],
    ['only a tag names it, which Swarm would look up', [node('x86_64')], 'r.test/i:1'],
    ['the node has another digest', [node('x86_64')], image.replace(/a+$/, 'b'.repeat(64))],
  ])('is not where %s', async (_, nodes, name) => {
    expect(await held(nodes, name)).toBeUndefined();
  });
});

test('platforms are those of the image’s programs, and of the nodes that take tasks', async () => {
  daemon = await fakeDaemon((_request, _body, response) => {
    const Platforms = [
      { architecture: 'arm64', os: 'linux', variant: 'v8' },
      { architecture: 'unknown', os: 'unknown' },
    ];
    response.end(JSON.stringify({ Descriptor: {}, Platforms }));
  });
  const { asked, nodes } = await ask(['r.test/i:1'], { nodes: [node('aarch64'), node('x86_64', 'down')] });
  expect(asked[0]!.platforms).toEqual(['linux/arm64']);
  expect(nodes).toEqual([{ name: 'aarch64', platform: 'linux/arm64', takes: expect.any(Function) }]);
});

test.each([
  ['x86_64', 'linux/amd64'],
  ['aarch64', 'linux/arm64'],
  ['armv7l', 'linux/arm'],
  ['riscv64', 'linux/riscv64'],
  ['', undefined],
])('a node that calls itself "%s" is %s', async (Architecture, platform) => {
  daemon = await fakeDaemon(() => {});
  expect(platformOfNode({ Architecture, OS: 'linux' })).toBe(platform);
  expect(platformsOfImage([])).toEqual([]);
});
