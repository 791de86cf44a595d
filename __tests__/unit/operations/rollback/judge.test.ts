import type { Service } from '../../../../operations/docker/answers';
import { judge } from '../../../../operations/rollback/judge';

const task = (Image: string, more: object = {}) => ({ ContainerSpec: { Image, ...more } });
const service = (name: string, spec: object, previous?: object) =>
  ({
    ID: name,
    CreatedAt: '',
    UpdatedAt: '',
    Spec: { Name: `shop_${name}`, ...spec },
    ...(previous ? { PreviousSpec: { Name: `shop_${name}`, ...previous } } : {}),
  }) as unknown as Service;
const secrets = { Secrets: [{ SecretID: 's1', SecretName: 'shop_key_1' }], Configs: [{ ConfigID: 'c1' }] };

const services = [
  service('web', { TaskTemplate: task('web:2') }, { TaskTemplate: task('web:1', secrets) }),
  service('new', { TaskTemplate: task('new:1') }),
  service(
    'scaled',
    { TaskTemplate: task('a:1'), Mode: { Replicated: { Replicas: 3 } } },
    { TaskTemplate: task('a:1') },
  ),
  service(
    'db',
    { TaskTemplate: task('db:2'), UpdateConfig: { FailureAction: 'pause' } },
    { TaskTemplate: task('db:1') },
  ),
];
const ask = (names: string[], objects = ['s1', 'c1']) =>
  judge('shop', names, { services, objects: new Set(objects) });

test('a service with an older specification can go back, and it is told to what', () => {
  const { candidates, refusals } = ask(['web', 'web']);
  expect(refusals).toEqual([]);
  expect(candidates).toMatchObject([{ name: 'shop_web', from: 'web:2', to: 'web:1' }]);
});

test.each([
  ['db', 'db has data, which may have moved on\n'],
  ['new', 'new has no older specification: it is new, or Swarm rolled it back already\n'],
  ['scaled', 'scaled would run the same as now: its last update changed no task, or nothing at all\n'],
  ['wbe', 'there is no service "wbe" in the stack shop\n  choose from: db, new, scaled, web'],
])('%s cannot, in words', (name, words) => {
  const { candidates, refusals } = ask([name]);
  expect(candidates).toEqual([]);
  expect(refusals).toEqual([expect.stringContaining(words)]);
  expect(refusals[0]).toMatch(/\n {2}(go back to a release|choose from)/);
});

test('nor can one whose secret or config has gone meanwhile', () => {
  expect(ask(['web'], ['c1']).refusals[0]).toContain('web could not start again as it was: shop_key_1 went');
  expect(ask(['web'], ['s1']).refusals[0]).toContain('as it was: c1 went');
});
