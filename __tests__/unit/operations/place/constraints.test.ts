import { fulfils } from '../../../../operations/place/constraints';
import { node } from './swarm';

const at = node('n1', { Role: 'worker', Labels: { 'shop.mariadb': 'true' } });

test.each([
  ['node.role==worker', true],
  ['node.role == WORKER', true],
  ['node.role==manager', false],
  ['node.role!=manager', true],
  ['node.id==n1', true],
  ['node.hostname==host-n1', true],
  ['node.ip==203.0.113.10', true],
  ['node.platform.os==linux', true],
  ['node.platform.arch==x86_64', true],
  ['node.labels.shop.mariadb==true', true],
  ['node.labels.shop.mariadb==True', true],
  // The name of a label is not compared as its value is.
  ['node.labels.Shop.mariadb==true', false],
  ['node.labels.other!=true', true],
  ['engine.labels.disk==ssd', true],
  ['engine.labels.disk!=ssd', false],
  ['node.colour==red', false],
  ['node.colour!=red', false],
  ['nonsense', false],
])('%s', (constraint, expected) => {
  expect(fulfils(at, [constraint])).toBe(expected);
});

test('all of several, and none', () => {
  expect(fulfils(at, [])).toBe(true);
  expect(fulfils(at, ['node.role==worker', 'node.id==n2'])).toBe(false);
});
