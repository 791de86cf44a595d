import { findHidden, readForgotten, refuseHidden } from '../../../../operations/secrets/forgotten';

/** As Terraform 1.11 says it when a read of the provider fails: the object is gone, and another one is to be made. */
const gone = (type: string, name: string, id: string, more: object = {}) => ({
  address: `${type}.x["0"]`,
  mode: 'managed',
  type,
  name: 'x',
  index: '0',
  provider_name: 'registry.terraform.io/kreuzwerker/docker',
  change: { actions: ['delete'], before: { id, name, labels: [] }, after: null, after_unknown: {}, ...more },
});

const PLAN = {
  resource_drift: [
    gone('docker_secret', 'shop_a_1', 's1'),
    gone('docker_config', 'shop_b_1', 'c1'),
    gone('docker_network', 'shop_shop', 'n1'),
    gone('docker_service', 'shop_web', 'w1'),
    gone('docker_secret', 'shop_a_2', 's2', { actions: ['update'], after: { id: 's2' } }),
  ],
  resource_changes: [gone('docker_secret', 'shop_a_0', 's0')],
};

test('reads from a plan which secrets, configs and networks are gone for it; what it removes itself is not', () => {
  expect(readForgotten(PLAN)).toEqual([
    { kind: 'secret', name: 'shop_a_1', id: 's1' },
    { kind: 'config', name: 'shop_b_1', id: 'c1' },
    { kind: 'network', name: 'shop_shop', id: 'n1' },
  ]);
  expect(readForgotten({})).toEqual([]);
});

test('finds those that are there all the same, and asks for what is in question alone', async () => {
  const asked: string[] = [];
  const answer =
    <T>(what: string, ...list: T[]) =>
    async () => {
      asked.push(what);
      return list;
    };
  const docker = {
    secrets: answer('secrets', { ID: 's1' }),
    configs: answer('configs', { ID: 'c9' }),
    networks: answer('networks', { Id: 'n1', Name: 'shop_shop' }),
  };
  const hidden = await findHidden(docker, readForgotten(PLAN));
  expect(hidden.map(({ name }) => name)).toEqual(['shop_a_1', 'shop_shop']);
  expect(() => refuseHidden(hidden)).toThrow(
    'the secret shop_a_1, the network shop_shop; nothing was changed',
  );
  asked.length = 0;
  expect(await findHidden(docker, [])).toEqual([]);
  expect(asked).toEqual([]);
  expect(() => refuseHidden([])).not.toThrow();
});
