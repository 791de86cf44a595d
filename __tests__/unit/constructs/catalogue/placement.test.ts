import type { Backend, PlatformSpec } from '../../../../constructs';
import { placementErrors } from '../../../../constructs/catalogue/placement';
import { catalogue } from '../../../support/platform/catalogue';

const spec = catalogue as PlatformSpec;
const users = (placement: string): PlatformSpec => ({
  ...spec,
  services: { ...spec.services, users: { ...spec.services.users!, placement } },
});

test.each([
  'node.labels.disk=ssd',
  'node.labels.disk',
  'pinned',
  'node.labels.disk==',
  '==ssd',
  'node.labels.disk==a b,c',
  'node labels.disk==ssd',
  'node.label.disk==ssd',
  'node.disk==ssd',
  'node.labels.==ssd',
])('refuses the placement %j: Swarm would, or no node fulfils it', (placement) => {
  expect(placementErrors(users(placement))).toEqual([
    `users: placement is ${JSON.stringify(placement)}, which no node fulfils\n  write what Swarm knows of a node, == or !=, and a value: 'node.role==manager', 'node.labels.disk==ssd'`,
  ]);
});

test.each([
  'node.role==manager',
  ' node.role != worker ',
  'Node.Hostname==host-a',
  'node.ip==203.0.113.0/24',
  'node.platform.arch==x86_64',
  'node.labels.shop.mariadb==true',
  'engine.labels.disk==two words',
  '',
])('accepts the placement %j', (placement) => expect(placementErrors(users(placement))).toEqual([]));

test('looks at backends and jobs, too', () => {
  const { mariadb, kafka } = spec.backends as Record<string, Backend<never>>;
  const placed = (placement: string) => ({ ...mariadb!, spec: { ...mariadb!.spec, placement } });
  const errors = placementErrors({
    ...spec,
    backends: { mariadb: placed('node.role=manager'), kafka: kafka! },
    jobs: { tidy: { service: 'users', command: ['x'], schedule: '* * * * *', placement: 'manager' } },
  });
  expect(errors).toEqual([
    expect.stringContaining('mariadb: placement is "node.role=manager"'),
    expect.stringContaining('the job tidy: placement is "manager"'),
  ]);
  expect(placementErrors({ ...spec, backends: { mariadb: placed('pinned') } })).toEqual([]);
});
