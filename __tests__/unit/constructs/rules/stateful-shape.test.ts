import { statefulShape } from '../../../../constructs/rules/stateful-shape';
import { type SwarmServiceProps, UpdatePolicy } from '../../../../constructs/swarm';
import { Duration } from '../../../../constructs/units';
import { findings } from '../../../support/platform/rules';

const shape: Partial<SwarmServiceProps> = {
  stateful: true,
  replicas: 1,
  updatePolicy: UpdatePolicy.stopFirst(),
  stopGracePeriod: Duration.seconds(55),
  constraints: ['node.role==manager'],
  mounts: [{ type: 'volume', name: 'data', target: '/data' }],
};
const check = (props: Partial<SwarmServiceProps> = {}) => findings(statefulShape, { ...shape, ...props });

test('accepts one replica, stop-first with pause, in time, in its place, with its volume', () => {
  expect(check()).toEqual([]);
});

test('says nothing about a service without state', () => {
  expect(findings(statefulShape, { replicas: 3, stopGracePeriod: Duration.minutes(5) })).toEqual([]);
});

test.each<[string, Partial<SwarmServiceProps>, RegExp]>([
  ['two replicas', { replicas: 2 }, /is stateful with 2 replicas\nset replicas to 1/],
  [
    'start-first',
    { updatePolicy: UpdatePolicy.startFirst({ failureAction: 'pause' }) },
    /with start-first and .*pause\nuse/,
  ],
  [
    'rollback by a machine',
    { updatePolicy: UpdatePolicy.stopFirst({ failureAction: 'rollback' }) },
    /stop-first and .*rollback\n/,
  ],
  [
    'continue',
    { updatePolicy: UpdatePolicy.stopFirst({ failureAction: 'continue' }) },
    /failure_action continue\n/,
  ],
  [
    'a grace that outlives its successor',
    { stopGracePeriod: Duration.seconds(56) },
    /of 56s; .*\nset .* to 55s or less/,
  ],
  ['no place', { constraints: [] }, /without a placement constraint: .*\n.*'node\.role==manager'/],
  ['no volume', { mounts: [] }, /without a named volume\nmount a volume/],
  [
    'a folder of the host',
    { mounts: [{ type: 'bind', source: '/srv', target: '/data' }] },
    /without a named volume/,
  ],
])('refuses a stateful service with %s', (_, props, message) => {
  expect(check(props)).toEqual([expect.stringMatching(message)]);
});
