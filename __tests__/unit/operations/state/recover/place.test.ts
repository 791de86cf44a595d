import { withoutObjects } from '../../../../../operations/state/recover/place';

const instance = (id: string, key?: string) => ({
  ...(key === undefined ? {} : { index_key: key }),
  attributes: { id },
});

test('a state loses what is at these addresses, and keeps the rest and its place in the history', () => {
  const network = { mode: 'managed', type: 'docker_network', name: 'shop', instances: [instance('gone')] };
  const configs = {
    mode: 'managed',
    type: 'docker_config',
    name: 'launcher',
    instances: [instance('c1', 'a'), instance('c2', 'b')],
  };
  const text = JSON.stringify({ serial: 7, lineage: 'x', resources: [network, configs] });
  const left = withoutObjects(text, new Set(['docker_network.shop', 'docker_config.launcher["a"]']));
  expect(JSON.parse(left)).toEqual({
    serial: 7,
    lineage: 'x',
    resources: [{ ...configs, instances: [instance('c2', 'b')] }],
  });
});
