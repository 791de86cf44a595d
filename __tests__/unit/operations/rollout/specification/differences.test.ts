import type { ServiceSpec } from '../../../../../operations/docker/answers';
import { differences } from '../../../../../operations/rollout/specification/differences';

const running: ServiceSpec = {
  TaskTemplate: {
    ContainerSpec: {
      Image: 'app:v2',
      Command: ['/launch'],
      Args: ['A=1', '--', 'serve'],
      Env: ['X=secret-looking', 'Y=2'],
      Secrets: [{ SecretID: 's2', SecretName: 'db_2' }],
      Configs: [{ ConfigID: 'c1' }],
    },
    Resources: { Reservations: { MemoryBytes: 1024 } },
  },
  Mode: { Replicated: { Replicas: 2 } },
};

test('finds none when all that was planned is there, and compares nothing that was not', () => {
  expect(differences({ image: 'app:v2' }, running)).toEqual([]);
  const all = {
    image: 'app:v2',
    command: ['/launch'],
    args: ['A=1', '--', 'serve'],
    env: ['Y=2', 'X=secret-looking'],
    replicas: 2,
    secrets: [{ id: 's2' }],
    configs: [{ id: 'c1' }],
    spec: { TaskTemplate: { Resources: { Reservations: { MemoryBytes: 1024 }, Limits: {} } } },
  };
  expect(differences(all, running)).toEqual([]);
});

test.each([
  [{ image: 'app:v1' }, 'image app:v2 instead of app:v1'],
  [{ command: ['/other'] }, 'another command'],
  [{ args: ['--', 'A=1', 'serve'] }, 'other args'],
  [{ env: ['Y=2'] }, 'another env'],
  [{ replicas: 3 }, '2 replicas instead of 3'],
  [{ secrets: [{ id: 's1', name: 'db_1' }] }, 'other secrets'],
  [{ configs: [] }, 'other configs'],
  [
    { spec: { TaskTemplate: { Resources: { Reservations: { MemoryBytes: 2048 } } } } },
    'another TaskTemplate.Resources.Reservations.MemoryBytes',
  ],
])('tells %j in words, without values of env', (planned, words) => {
  expect(differences({ image: 'app:v2', ...planned }, running)).toEqual([words]);
});

test('tells that a global service has no replicas', () => {
  const global = { ...running, Mode: { Global: {} } };
  expect(differences({ image: 'app:v2', replicas: 2 }, global)).toEqual(['no replicas instead of 2']);
});

test('mounts, ports and constraints are sets: none more, none fewer, in any order', () => {
  const [one, two] = [80, 443].map((port) => ({
    Protocol: 'tcp',
    TargetPort: port,
    PublishedPort: port,
    PublishMode: 'host',
  }));
  const mount = { Type: 'volume', Source: 'shop_data', Target: '/data' };
  const spec = {
    ...running,
    TaskTemplate: {
      ...running.TaskTemplate,
      ContainerSpec: {
        ...running.TaskTemplate.ContainerSpec!,
        Mounts: [{ ...mount, VolumeOptions: { Labels: { a: 'b' } } }],
      },
      Placement: { Constraints: ['b', 'a'] },
    },
    EndpointSpec: { Mode: 'dnsrr', Ports: [one!, two!] },
  };
  const told = (part: object) => differences({ image: 'app:v2', spec: part as never }, spec);
  const placed = (Constraints: string[]) => told({ TaskTemplate: { Placement: { Constraints } } });
  const mounts = (Mounts: object[]) => told({ TaskTemplate: { ContainerSpec: { Mounts } } });
  expect(told({ EndpointSpec: { Mode: 'dnsrr', Ports: [two, one] } })).toEqual([]);
  expect(placed(['a', 'b'])).toEqual([]);
  expect(mounts([mount])).toEqual([]);
  expect(told({ EndpointSpec: { Ports: [one, { ...two, PublishedPort: 9090 }] } })).toEqual([
    'another EndpointSpec.Ports',
  ]);
  expect(told({ EndpointSpec: { Ports: [one] } })).toEqual(['another EndpointSpec.Ports']);
  expect(told({ EndpointSpec: { Ports: [] } })).toEqual(['another EndpointSpec.Ports']);
  expect(told({ EndpointSpec: { Mode: 'vip' } })).toEqual(['another EndpointSpec.Mode']);
  expect(placed(['a'])).toEqual(['another TaskTemplate.Placement.Constraints']);
  expect(mounts([{ ...mount, Target: '/other' }])).toEqual(['another TaskTemplate.ContainerSpec.Mounts']);
  expect(mounts([])).toEqual(['another TaskTemplate.ContainerSpec.Mounts']);
});
