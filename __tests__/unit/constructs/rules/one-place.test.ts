import { onePlace } from '../../../../constructs/rules/one-place';
import type { SwarmServiceProps } from '../../../../constructs/swarm';
import { findings } from '../../../support/platform/rules';
import { resources } from '../../../support/platform/services';

const shared: Partial<SwarmServiceProps> = {
  mounts: [{ type: 'volume', name: 'uploads', target: '/uploads', shared: true }],
  replicas: 2,
};
const check = (props: Partial<SwarmServiceProps>, count?: number) =>
  findings(onePlace, props, { node: { ...resources(4, 8192), ...(count ? { count } : {}) } });

test('refuses a shared volume that each of several nodes would have for itself', () => {
  const expected =
    /^web shares the volume uploads .* each of 3 nodes, .*\nset placement to what one node alone/;
  expect(check(shared, 3)).toEqual([expect.stringMatching(expected)]);
  expect(check({ ...shared, constraints: ['node.role==worker'] }, 3)).toHaveLength(1);
});

test('accepts it on the only node, with a placement, and what shares nothing', () => {
  expect(check(shared)).toEqual([]);
  expect(check(shared, 1)).toEqual([]);
  expect(check({ ...shared, constraints: ['node.labels.uploads==true'] }, 3)).toEqual([]);
  expect(check({ mounts: [{ type: 'volume', name: 'own', target: '/own' }] }, 3)).toEqual([]);
  expect(check({ mounts: [] }, 3)).toEqual([]);
});
