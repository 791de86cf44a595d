import { driftOf } from '../../../../../operations/plan/changes/drift';

const service = (placement: object) => ({
  mode: [{ replicated: [{ replicas: 1 }] }],
  task_spec: [{ container_spec: [{ image: 'app:v1' }], placement: [placement] }],
});
const update = (before: object, after: object) => ({
  type: 'docker_service',
  name: 'app',
  change: { actions: ['update'], before, after },
});
const drift = (before: object, after: object) =>
  driftOf(update(service(after), service(after)), update(service(before), service(after)));

const constraints = ['node.role==manager'];
const platforms = [{ architecture: 'amd64', os: 'linux' }];

test('platforms that the engine has found for a new service are nobody’s change', () => {
  expect(drift({ constraints, platforms: [] }, { constraints, platforms })).toEqual([]);
  expect(drift({ constraints }, { constraints, platforms })).toEqual([]);
});

test.each([
  ['a constraint beside them', { constraints, platforms: [] }, { constraints: [], platforms }],
  ['others than were planned', { platforms }, { platforms: [{ architecture: 'arm64', os: 'linux' }] }],
  ['that were planned and are gone', { platforms }, { platforms: [] }],
])('%s is somebody’s', (_, before, after) => {
  expect(drift(before, after)).toEqual(['changed by hand or rolled back by Swarm: placement']);
});
