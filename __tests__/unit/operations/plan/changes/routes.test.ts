import { readPlan } from '../../../../../operations/plan/changes/read-plan';
import { runningRoutes } from '../../../../../operations/plan/changes/routes';
import type { PlanDocument } from '../../../../../operations/terraform/document';

const service = (name: string, ...ids: string[]) => ({
  type: 'docker_service',
  name,
  values: { task_spec: [{ container_spec: [{ configs: ids.map((config_id) => ({ config_id })) }] }] },
});
const conf = (id: string, ...routes: string[]) => ({
  type: 'docker_config',
  name: 'nginx_conf',
  values: {
    id,
    data: Buffer.from(routes.map((to) => `server tasks.${to}:80 resolve;`).join('\n')).toString('base64'),
  },
});
const removed = (name: string) => ({
  type: 'docker_service',
  name,
  mode: 'managed',
  change: { actions: ['delete'], before: {} },
});
const document = (resources: object[], ...names: string[]): PlanDocument => ({
  resource_changes: names.map(removed),
  prior_state: { values: { root_module: { resources } } },
});
const refusals = (of: PlanDocument) =>
  readPlan(of, { settings: {}, services: [], now: new Date(0) }).refusals;

test('the routes that run are those of the config that is mounted, not of others that are still there', () => {
  const resources = [
    conf('old', 'web', 'mail'),
    conf('new', 'web'),
    service('nginx', 'new'),
    service('edge'),
  ];
  expect([...runningRoutes(document(resources))]).toEqual([['web', 'nginx']]);
});

test('a service that is routed to cannot be removed, one that no longer is can', () => {
  const resources = [conf('c', 'web-shop'), service('nginx', 'c')];
  expect(refusals(document(resources, 'web-shop'))).toEqual([
    expect.stringMatching(/^web-shop is removed while nginx still routes to it: .*routes out first, deploy/),
  ]);
  // Part of the name of one that is routed to.
  expect(refusals(document(resources, 'web'))).toEqual([]);
});

test('a door that goes with it routes to nothing any more', () => {
  const resources = [conf('c', 'web'), service('nginx', 'c')];
  expect(refusals(document(resources, 'web', 'nginx'))).toEqual([]);
});

test('without a state there is no route', () => {
  expect(runningRoutes({})).toEqual(new Map());
});
