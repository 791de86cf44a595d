import { hostPortReplicas } from '../../../../constructs/rules/host-port-replicas';
import type { PublishedPort } from '../../../../constructs/swarm';
import { findings } from '../../../support/platform/rules';

const port: PublishedPort = { published: 443, target: 8443 };

test('accepts one task with a port of the node', () => {
  expect(findings(hostPortReplicas, { replicas: 1, publishedPorts: [port] })).toEqual([]);
});

test('accepts many tasks behind a port of the ingress network', () => {
  expect(findings(hostPortReplicas, { replicas: 3, publishedPorts: [{ ...port, mode: 'ingress' }] })).toEqual(
    [],
  );
});

test('refuses two tasks that want one port of the node', () => {
  expect(findings(hostPortReplicas, { replicas: 2, publishedPorts: [port] })).toEqual([
    expect.stringMatching(/^web has 2 replicas that all want port 443 of the node\nset replicas to 1/),
  ]);
});
