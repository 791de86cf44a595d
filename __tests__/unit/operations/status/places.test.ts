import type { Service, Task } from '../../../../operations/docker/answers';
import { placesInWords } from '../../../../operations/status/places';
import { labelled, node, PINNED } from '../place/swarm';

const service = (...Constraints: string[]) =>
  ({
    ID: 's1',
    Spec: { Name: 'shop_mariadb', TaskTemplate: { Placement: { Constraints } } },
  }) as unknown as Service;
const tasks = [
  { ServiceID: 's1', NodeID: 'a', Status: { ContainerStatus: { ContainerID: 'x' } } },
] as unknown as Task[];

test('a label that was taken away is missed, with the node that had it', () => {
  expect(placesInWords([service(PINNED)], [node('b'), node('a')], tasks)).toEqual([
    `shop_mariadb finds no node, none fulfils ${PINNED}: docker node update --label-add shop.mariadb=true host-a`,
  ]);
  expect(placesInWords([service('node.role==worker')], [node('a')], [])).toEqual([
    'shop_mariadb finds no node, none fulfils node.role==worker',
  ]);
});

test('what has its node is not mentioned', () => {
  const well = [service(), service('node.role==manager', PINNED)];
  expect(placesInWords(well, [labelled('a')], tasks)).toEqual([]);
});
