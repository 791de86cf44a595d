import type { Service } from '../../../../operations/docker/answers';
import { findLeftovers, readPlannedObjects, removeUnused } from '../../../../operations/secrets/leftovers';
import { service } from './secrets';

const created = (type: string, name: unknown, actions = ['create']) => ({
  type,
  change: { actions, after: { name } },
});

test('reads from a plan which secrets and configs it makes', () => {
  const plan = {
    resource_changes: [
      created('docker_secret', 'shop_a_1'),
      created('docker_config', 'shop_b_1', ['delete', 'create']),
      created('docker_secret', undefined),
      created('docker_service', 'shop_web'),
      { type: 'docker_secret', change: { actions: ['delete'], before: { name: 'shop_a_0' }, after: null } },
    ],
  };
  expect(readPlannedObjects(plan)).toEqual([
    { kind: 'secret', name: 'shop_a_1' },
    { kind: 'config', name: 'shop_b_1' },
  ]);
  expect(readPlannedObjects({})).toEqual([]);
});

describe('an object that is there already', () => {
  const removed: string[] = [];
  const object = (ID: string, Name: string) => ({ ID, Spec: { Name } });
  const remove = async (id: string) => {
    removed.push(id);
  };
  const docker = (services: Pick<Service, 'Spec' | 'PreviousSpec'>[]) => ({
    secrets: async () => [object('s1', 'shop_a_1'), object('s2', 'shop_a_10')],
    configs: async () => [object('c1', 'shop_b_1')],
    services: async () => services as Service[],
    jobs: async () => [],
    removeSecret: remove,
    removeConfig: remove,
  });
  const planned = [
    { kind: 'secret', name: 'shop_a_1' },
    { kind: 'secret', name: 'shop_new' },
    { kind: 'config', name: 'shop_b_1' },
  ] as const;

  test('is found with the services that use it, or would after a rollback', async () => {
    const { Spec } = service('web', 'shop_a_1');
    expect(await findLeftovers(docker([{ Spec: service('web').Spec, PreviousSpec: Spec }]), planned)).toEqual(
      [
        { kind: 'secret', name: 'shop_a_1', id: 's1', users: ['shop_web'] },
        { kind: 'config', name: 'shop_b_1', id: 'c1', users: [] },
      ],
    );
  });

  test('is removed when nothing uses it, and told; others stay', async () => {
    const said: string[] = [];
    const swarm = docker([service('web', 'shop_a_1')]);
    const stay = await removeUnused(swarm, await findLeftovers(swarm, planned), (line) => said.push(line));
    expect(stay.map(({ name }) => name)).toEqual(['shop_a_1']);
    expect(removed).toEqual(['c1']);
    expect(said).toEqual([
      'removed the config shop_b_1, which an interrupted deploy left and no service uses',
    ]);
  });
});
