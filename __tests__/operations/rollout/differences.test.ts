import { differences } from '../../../operations/rollout/differences';
import type { ServiceSpec } from '../../../operations/rollout/snapshot';

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
