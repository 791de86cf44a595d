import { heldPorts } from '../../../../operations/plan/held-ports';
import { declared, stack } from '../deploy/stack';

const nginx = declared('nginx', { ports: [{ published: 443, target: 443, protocol: 'tcp' }] });
const catalogue = stack({ services: [nginx] });
const service = (Name: string, PublishedPort: number, namespace = 'shop') => ({
  ID: Name,
  Version: { Index: 1 },
  CreatedAt: '',
  UpdatedAt: '',
  Spec: {
    Name,
    Labels: { 'com.docker.stack.namespace': namespace },
    TaskTemplate: {},
    EndpointSpec: { Ports: [{ PublishedPort }] },
  },
});
const edge = service('shop_edge', 443);
const removes = (name: string) => ({
  resource_changes: [
    { type: 'docker_service', name: 'edge', change: { actions: ['delete'], before: { name } } },
  ],
});

test('a port of a service that this plan removes is free when its turn comes', () => {
  expect(heldPorts([edge], catalogue, removes('shop_edge'))).toEqual([]);
});

test('one of a service that neither catalogue nor state knows stops the deploy before it waits forever', () => {
  expect(heldPorts([edge], catalogue, removes('shop_other'))).toEqual([
    'nginx publishes 443/tcp, which shop_edge has, and neither the catalogue nor the state knows that: docker service rm shop_edge',
  ]);
});

test('our own services, other ports and other stacks are no matter of it', () => {
  const others = [service('shop_nginx', 443), service('shop_edge', 80), service('other_edge', 443, 'other')];
  expect(heldPorts(others, catalogue, {})).toEqual([]);
});
