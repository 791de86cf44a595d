import type { Service, Task } from '../../../../operations/docker/answers';
import { isWithoutData, placesInWords } from '../../../../operations/status/places';
import { labelled, markerOf, node, PINNED } from '../place/swarm';

const service = (...Constraints: string[]) =>
  ({
    ID: 's1',
    Spec: { Name: 'shop_mariadb', TaskTemplate: { Placement: { Constraints } } },
  }) as unknown as Service;
const ranOn = (NodeID: string, State = 'complete') =>
  [
    {
      ServiceID: 's1',
      NodeID,
      CreatedAt: '2026-11-27T12:00:00Z',
      Status: { State, ContainerStatus: { ContainerID: 'x' } },
    },
  ] as unknown as Task[];
const markers = new Map([['shop_mariadb', markerOf('a')]]);

test('a label that was taken away is missed, with the node that had it', () => {
  const nodes = [node('b'), node('a')];
  const lost = { services: [service(PINNED)], nodes, tasks: ranOn('a'), markers };
  expect(placesInWords(lost, 'shop')).toEqual([
    `shop_mariadb finds no node, none fulfils ${PINNED}: docker node update --label-add shop.mariadb=true host-a`,
  ]);
  expect(
    placesInWords({ services: [service('node.role==worker')], nodes: [node('a')], tasks: [] }, 'shop'),
  ).toEqual(['shop_mariadb finds no node, none fulfils node.role==worker']);
});

test('what has its node is not mentioned', () => {
  const services = [service(), service('node.role==manager', PINNED)];
  const well = { services, nodes: [labelled('a')], tasks: ranOn('a', 'running'), markers };
  expect(placesInWords(well, 'shop')).toEqual([]);
  expect(isWithoutData(well.services[0]!, well.tasks, markers)).toBe(false);
  // Nobody remembers any data: an application may run everywhere.
  const free = { services: [service()], nodes: [node('a'), node('b')], tasks: ranOn('b', 'running') };
  expect(placesInWords(free, 'shop')).toEqual([]);
  expect(isWithoutData(free.services[0]!, free.tasks, new Map())).toBe(false);
});

test('a database that Swarm has moved away from its data is not well, with both ways out', () => {
  const moved = {
    services: [service('node.role==manager')],
    nodes: [node('a'), node('b')],
    tasks: ranOn('b', 'running'),
    markers,
  };
  expect(placesInWords(moved, 'shop')[0]).toMatch(
    /^shop_mariadb runs on host-b, and its data has been on host-a since 2026-11-27: it has come up as a new one, .*; which of the two counts\?.*data forget mariadb/,
  );
  expect(isWithoutData(moved.services[0]!, moved.tasks, markers)).toBe(true);
});

test('a second manager that may take it is told before it does', () => {
  const risky = {
    services: [service('node.role==manager')],
    nodes: [node('a'), node('b')],
    tasks: ranOn('a', 'running'),
    markers,
  };
  expect(placesInWords(risky, 'shop')).toEqual([
    expect.stringMatching(
      /^shop_mariadb may start on each of host-a, host-b .*placement: 'pinned' for mariadb/,
    ),
  ]);
  expect(isWithoutData(risky.services[0]!, risky.tasks, markers)).toBe(false);
});
