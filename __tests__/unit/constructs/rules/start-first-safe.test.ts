import { startFirstSafe } from '../../../../constructs/rules/start-first-safe';
import {
  type Mount,
  type PublishedPort,
  type SwarmServiceProps,
  UpdatePolicy,
} from '../../../../constructs/swarm';
import { findings } from '../../../support/platform/rules';

const port: PublishedPort = { published: 443, target: 8443 };
const volume: Mount = { type: 'volume', name: 'data', target: '/data' };

test.each<[string, Partial<SwarmServiceProps>]>([
  ['a port of the ingress network', { publishedPorts: [{ ...port, mode: 'ingress' }] }],
  ['a shared volume', { mounts: [{ ...volume, shared: true }] }],
  ['a volume that is only read', { mounts: [{ ...volume, readOnly: true }] }],
  ['a tmpfs of its own', { mounts: [{ type: 'tmpfs', target: '/tmp' }] }],
])('accepts start-first with %s', (_, props) => expect(findings(startFirstSafe, props)).toEqual([]));

test('accepts a host-mode port and an exclusive volume under stop-first', () => {
  const updatePolicy = UpdatePolicy.stopFirst();
  expect(findings(startFirstSafe, { updatePolicy, publishedPorts: [port], mounts: [volume] })).toEqual([]);
});

test.each<PublishedPort>([port, { ...port, mode: 'host' }])(
  'refuses start-first with the port %j',
  (published) => {
    expect(findings(startFirstSafe, { publishedPorts: [published] })).toEqual([
      expect.stringMatching(
        /^web start-first with the host-mode port 443: .*\nuse UpdatePolicy\.stopFirst\(\)/,
      ),
    ]);
  },
);

test('refuses start-first with an exclusive volume', () => {
  expect(findings(startFirstSafe, { mounts: [volume] })).toEqual([
    expect.stringMatching(
      /^web start-first with the exclusive volume data: .*\n.*declare the volume as shared/,
    ),
  ]);
});

test('names every port and every volume', () => {
  const props = {
    publishedPorts: [port, { published: 80, target: 8080 }],
    mounts: [volume, { ...volume, name: 'more' }],
  };
  expect(findings(startFirstSafe, props)).toHaveLength(4);
});
