import type { Service } from '../../../../../operations/docker/answers';
import { byHandIn, nothingToDo } from '../../../../../operations/plan/by-hand/find';
import { readPlan } from '../../../../../operations/plan/changes/read-plan';
import { planLines } from '../../../../../operations/plan/text';
import { declared } from '../../deploy/stack';

const Ulimits = [{ Name: 'nofile', Hard: 65536, Soft: 65536 }];
const runs = (name: string, container: object = {}) =>
  ({ Spec: { Name: name, TaskTemplate: { ContainerSpec: { Image: 'web:v1', ...container } } } }) as Pick<
    Service,
    'Spec'
  >;
const service = (monitor: string) => ({
  name: 'shop_edge',
  mode: [{ replicated: [{ replicas: 1 }] }],
  update_config: [{ order: 'stop-first', parallelism: 1, monitor }],
  task_spec: [{ container_spec: [{ image: 'web:v1' }] }],
});
const read = (...running: Pick<Service, 'Spec'>[]) =>
  readPlan(
    {
      resource_changes: [
        {
          type: 'docker_service',
          name: 'edge',
          change: { actions: ['update'], before: service('5s'), after: service('9s') },
        },
      ],
    },
    { settings: {}, services: [], now: new Date(0), running },
  );

test('an update that only seems to restart nothing takes away what was set by hand: it restarts, and needs its name', () => {
  const plan = read(runs('shop_edge', { Ulimits }));
  expect(plan.services[0]).toMatchObject({ restarts: true, downtime: true });
  expect(plan.needs).toMatchObject([{ name: 'edge' }]);
  const lines = planLines(plan).join('\n');
  expect(lines).toMatch(/^update {2}edge {2}update_config · restarts · DOWNTIME about 1 s$/m);
  expect(lines).toContain('it has ContainerSpec.Ulimits by hand');
});

test('an ordinary update of a service that runs as the provider left it restarts nothing', () => {
  expect(read(runs('shop_edge')).services[0]).toMatchObject({ restarts: false, notes: [] });
});

test('where nothing is to be done, what was set by hand is told all the same', () => {
  const stack = { services: [declared('edge'), declared('web')] };
  const running = [
    runs('shop_edge', { Ulimits, Init: true }),
    runs('shop_web'),
    runs('other', { Init: true }),
  ];
  const told = byHandIn(running, stack);
  expect(told).toEqual([
    'edge has ContainerSpec.Ulimits and ContainerSpec.Init by hand, which no deploy sees: its next update takes that away and restarts its tasks',
  ]);
  expect(nothingToDo(told)).toMatch(/^nothing to do .*does not run all as the catalogue says:$/);
  expect(nothingToDo([])).toBe('nothing to do: the server runs what the catalogue says');
  expect(byHandIn(running, stack, [{ service: 'edge', restarts: true }])).toEqual([]);
  expect(byHandIn(running, stack, [{ service: 'edge', restarts: false }])).toEqual(told);
});
