import type { Service } from '../../../../operations/docker/answers';
import { resumptionsOf } from '../../../../operations/plan/steps/resumptions';
import type { ResourceChange } from '../../../../operations/terraform/document';

const change = (type: string, name: string, actions = ['delete', 'create']): ResourceChange => ({
  type,
  name,
  mode: 'managed',
  change: { actions, before: {}, after: {} },
});
const gate = change('null_resource', 'db_rollout');
const services = [{ id: 'db', name: 'shop_db' }, { id: 'web' }];
const runs = (State: string, Order = 'stop-first') => [
  { Spec: { Name: 'shop_db', TaskTemplate: {}, UpdateConfig: { Order } }, UpdateStatus: { State } } as Pick<
    Service,
    'Spec' | 'UpdateStatus'
  >,
];

test('a service whose gate runs again on what Swarm has paused is named, although nothing of it differs', () => {
  expect(resumptionsOf([gate], services, runs('paused'))).toEqual([
    'db_rollout has Swarm go on with the update of db that it paused half-way, once what that has brought runs and stays so',
  ]);
  expect(resumptionsOf([gate], services, runs('rollback_paused', 'start-first'))).toEqual([
    'db_rollout has Swarm go on with the rollback of db that it paused half-way',
  ]);
});

test('it is not where the service is updated itself, its gate does not run, or nothing is paused', () => {
  const update = change('docker_service', 'db', ['update']);
  for (const changes of [[gate, update], [], [change('null_resource', 'db_rollout', ['delete'])]])
    expect(resumptionsOf(changes, services, runs('paused'))).toEqual([]);
  expect(resumptionsOf([gate], services, runs('completed'))).toEqual([]);
  expect(resumptionsOf([gate], services)).toEqual([]);
});
