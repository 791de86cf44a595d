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
  service(
    'stopped',
    { TaskTemplate: task('b:2'), Mode: { Replicated: { Replicas: 4 } } },
    { TaskTemplate: task('b:1'), Mode: { Replicated: { Replicas: 0 } } },
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
  ['stopped', 'stopped had 0 replicas before its last update, and would have none again\n'],
  ['wbe', 'there is no service "wbe" in the stack shop\n  choose from: db, new, scaled, stopped, web'],
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

describe('what would come back is told', () => {
  const replicated = (Replicas: number | undefined) => ({ Mode: { Replicated: { Replicas } } });
  const told = (now: object, previous: object) =>
    judge('shop', ['web'], { services: [service('web', now, previous)], objects: new Set() }).candidates[0];

  test('with its replicas, where there would be others', () => {
    expect(
      told(
        { TaskTemplate: task('web:2'), ...replicated(4) },
        { TaskTemplate: task('web:1'), ...replicated(undefined) },
      ),
    ).toMatchObject({ from: 'web:2, 4 replicas', to: 'web:1, 1 replica' });
  });

  test('without them where they stay, and where it has none now either', () => {
    expect(
      told(
        { TaskTemplate: task('web:2'), ...replicated(0) },
        { TaskTemplate: task('web:1'), ...replicated(0) },
      ),
    ).toMatchObject({ from: 'web:2', to: 'web:1' });
  });

  test('with what else differs, where the image does not', () => {
    expect(
      told(
        { TaskTemplate: task('web:2', { Env: ['A=1'], Hosts: ['a'] }) },
        { TaskTemplate: task('web:2', { Args: ['--debug'] }) },
      ),
    ).toMatchObject({
      from: 'web:2',
      to: 'web:2, with other args, another env, another TaskTemplate.ContainerSpec.Hosts',
    });
    expect(
      told({ TaskTemplate: { ...task('web:2'), ForceUpdate: 1 } }, { TaskTemplate: task('web:2') }),
    ).toMatchObject({ to: 'web:2, with a restart of its tasks' });
  });
});
