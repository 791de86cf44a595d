import type { Service, Task } from '../../../../operations/docker/answers';
import { lookForIdentities } from '../../../../operations/place/look';
import { placesInWords, withoutData } from '../../../../operations/status/places';
import { knownOf, labelled, markerOf, node, PINNED, Swarm } from '../place/swarm';

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
  expect(withoutData(well.services[0]!, well.tasks, { markers })).toBeUndefined();
  // Nobody remembers any data: an application may run everywhere.
  const free = { services: [service()], nodes: [node('a'), node('b')], tasks: ranOn('b', 'running') };
  expect(placesInWords(free, 'shop')).toEqual([]);
  expect(withoutData(free.services[0]!, free.tasks, { markers: new Map() })).toBeUndefined();
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
  expect(withoutData(moved.services[0]!, moved.tasks, { markers })).toBe('it runs where its data is not');
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
  expect(withoutData(risky.services[0]!, risky.tasks, { markers })).toBeUndefined();
});

describe('a database that runs on other data than before', () => {
  const known = new Map([['shop_mariadb', knownOf('a')]]);
  const services = [service('node.role==manager')];
  const seen = { services, nodes: [node('a')], tasks: ranOn('a', 'running'), markers: known };
  const look = async (fileWithId: string | undefined, what = seen) =>
    lookForIdentities(Object.assign(new Swarm(), { fileWithId }) as never, { here: 'a', ...what });

  test('is not well, with both ways out', async () => {
    const identities = await look(undefined);
    expect(placesInWords({ ...seen, identities }, 'shop')).toEqual([
      expect.stringMatching(
        /^shop_mariadb runs on other data than that which has been on host-a since 2026-11-27: .*; bring the old back: .*data forget mariadb/,
      ),
    ]);
    const found = { markers: known, identities };
    expect(withoutData(services[0]!, seen.tasks, found)).toBe('it runs on other data than before');
  });

  test('is told from one with the same, with none that is remembered, or that does not run', async () => {
    expect([...(await look('of-old\n'))]).toEqual([['shop_mariadb', 'same']]);
    expect([...(await look(undefined, { ...seen, markers }))]).toEqual([['shop_mariadb', 'unknown']]);
    expect([...(await look(undefined, { ...seen, tasks: ranOn('a') }))]).toEqual([
      ['shop_mariadb', 'unknown'],
    ]);
    const same = { ...seen, identities: await look('of-old\n') };
    expect(placesInWords(same, 'shop')).toEqual([]);
    expect(withoutData(services[0]!, seen.tasks, same)).toBeUndefined();
  });
});
