import { readAndJudge } from '../../../../operations/plan/read-and-judge';
import type { SynthesizedStack } from '../../../../operations/stack/synthesized';
import { fakeDaemon } from '../docker/fake-daemon';

const secret = (id: string) => ({ secret_id: id, secret_name: id, file_name: id, file_mode: 292 });
const service = (delay: string) => ({
  name: 'shop_db',
  mode: [{ replicated: [{ replicas: 1 }] }],
  update_config: [{ order: 'stop-first', parallelism: 1, delay }],
  task_spec: [{ container_spec: [{ image: 'db:1', secrets: ['s1', 's2'].map(secret) }] }],
});
const document = {
  resource_changes: [
    {
      type: 'docker_service',
      name: 'db',
      change: { actions: ['update'], before: service('0s'), after: service('5s') },
    },
  ],
};

/** The needs of that plan on a server that has its secrets so, and answers these paths with an error. */
async function needs(secrets: readonly string[], refused: readonly string[] = []): Promise<string[]> {
  const Secrets = secrets.map((SecretID) => ({ SecretID }));
  const running = [
    {
      ID: 'x',
      Version: { Index: 1 },
      Spec: { Name: 'shop_db', Mode: {}, TaskTemplate: { ContainerSpec: { Image: 'db:1', Secrets } } },
    },
  ];
  const daemon = await fakeDaemon((request, _body, response) => {
    const path = (request.url ?? '').replace(/^\/v1\.\d+|\?.*$/g, '');
    response.statusCode = refused.includes(path) ? 500 : 200;
    response.end(JSON.stringify(path === '/services' ? running : []));
  });
  try {
    const stack = { host: daemon.host, namespace: 'shop', folder: '/nowhere', services: [], settings: {} };
    const { plan } = await readAndJudge({
      stack: { ...stack, settings: { stateful: ['db'] } } as unknown as SynthesizedStack,
      document,
      known: [],
      shell: {},
      projectFolder: '/nowhere',
      acknowledge: [],
      hostNeeds: [],
    });
    return plan.needs.map(({ name }) => name);
  } finally {
    await daemon.stop();
  }
}

test('a plan is read beside what runs, whatever else the server does not answer', async () => {
  const [one, other] = [await needs(['s1', 's2']), await needs(['s2', 's1'])];
  // One of both is the order in which the provider writes them.
  expect([one, other].sort()).toEqual([[], ['db']]);
  const moved = one.length > 0 ? ['s1', 's2'] : ['s2', 's1'];
  expect(await needs(moved, ['/nodes', '/tasks', '/configs'])).toEqual(['db']);
  expect(await needs(moved, ['/services'])).toEqual([]);
});
