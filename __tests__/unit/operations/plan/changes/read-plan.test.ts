import type { ServiceChange } from '../../../../../operations/plan/changes/model';
import { readPlan } from '../../../../../operations/plan/changes/read-plan';
import { planLines } from '../../../../../operations/plan/text';
import type { PlanDocument } from '../../../../../operations/terraform/document';

const container = (more: object) => [
  { image: 'registry.test/app:v1@sha256:aa', args: ['--x'], secrets: [], ...more },
];
const service = (more: object = {}, replicas = 2) => ({
  mode: [{ replicated: [{ replicas }] }],
  task_spec: [{ container_spec: container(more) }],
});
const change = (actions: string[], before: unknown, after: unknown, more: object = {}) => ({
  type: 'docker_service',
  name: 'app',
  mode: 'managed',
  change: { actions, before, after, after_unknown: {}, ...more },
});
const read = (document: PlanDocument) => readPlan(document, { settings: {}, services: [], now: new Date(0) });
const of = (...resource_changes: NonNullable<PlanDocument['resource_changes']>): Partial<ServiceChange>[] => [
  ...read({ resource_changes }).services,
];
const firstLine = (...resource_changes: NonNullable<PlanDocument['resource_changes']>) =>
  planLines(read({ resource_changes }))[0];

test('says from which image to which, and how many replicas', () => {
  const next = service({ image: 'registry.test/app:v2@sha256:bb' }, 3);
  expect(of(change(['update'], service(), next))).toMatchObject([
    {
      service: 'app',
      action: 'update',
      what: 'app:v1 → app:v2, 2 → 3 replicas',
      downtime: false,
      image: { from: 'app:v1', to: 'app:v2' },
    },
  ]);
});

test('a tag that moved is another digest', () => {
  const digest = (letter: string) => `registry.test/app:v1@sha256:${letter.repeat(64)}`;
  const [before, after] = ['a', 'b'].map((letter) => service({ image: digest(letter) }));
  expect(firstLine(change(['update'], before, after))).toMatch(/image app:v1 aaaaaaaaaaaa → bbbbbbbbbbbb ·/);
});

test('an image from another registry is told in full', () => {
  const [before, after] = ['a.test/app:v1', 'b.test/app:v1'].map((image) => service({ image }));
  expect(firstLine(change(['update'], before, after))).toMatch(/image a\.test\/app:v1 → b\.test\/app:v1 ·/);
});

test('names what else changed, also what only the apply will know', () => {
  expect(of(change(['update'], service(), service({ args: ['--y'] })))[0]?.what).toBe('args');
  const unknown = {
    after_unknown: { task_spec: [{ container_spec: [{ secrets: [{ secret_id: true }] }] }] },
  };
  expect(of(change(['update'], service(), service(), unknown))[0]?.what).toBe('secrets');
});

test('names settings and never says their values', () => {
  const before = service({ args: ['LOG_LEVEL=info', 'OLD=1', '--', 'run'] });
  const after = service({ args: ['LOG_LEVEL=debug', 'NEW=geheim', '--', 'run'] });
  expect(of(change(['update'], before, after))[0]?.what).toBe('args LOG_LEVEL OLD NEW');
});

test.each([[['delete', 'create']], [['create', 'delete']]])(
  'calls a replacement (%j) downtime, in words',
  (actions) => {
    const replaced = change(actions, service(), service(), {
      replace_paths: [['task_spec', 0, 'networks_advanced', 0, 'name']],
    });
    expect(of(replaced)[0]).toMatchObject({ action: 'replace', downtime: true, how: 'network changed' });
    expect(firstLine(replaced)).toMatch(
      /^REPLACE +app.*\(network changed\) · DOWNTIME about 1 s: its tasks stop before/,
    );
  },
);

test('a path that nobody has a word for is told as it is', () => {
  const replaced = change(['delete', 'create'], service(), service(), { replace_paths: [['novelty', 0]] });
  expect(firstLine(replaced)).toMatch(/\(novelty\.0 changed\)/);
});

test('a service that is removed stops, one that is made does not', () => {
  expect(of(change(['delete'], service(), null))[0]).toMatchObject({ action: 'destroy', downtime: true });
  expect(of(change(['create'], null, service()))[0]).toMatchObject({
    action: 'create',
    downtime: false,
    what: 'app:v1, 2 tasks',
  });
});

test('counts the rest by kind, and leaves out what stays', () => {
  const other = (type: string, actions: string[]) => ({
    type,
    name: 'x',
    mode: 'managed',
    change: { actions },
  });
  const plan = read({
    resource_changes: [
      other('docker_secret', ['create']),
      other('docker_secret', ['delete']),
      other('docker_secret', ['create']),
      other('docker_config', ['no-op']),
      other('null_resource', ['delete', 'create']),
      { ...other('docker_network', ['read']), mode: 'data' },
    ],
  });
  expect(plan).toMatchObject({
    services: [],
    others: ['docker_secret: 2 created, 1 destroyed'],
    steps: 1,
    objects: [{ kind: 'secret', name: 'x', action: 'replace', risk: false }],
  });
});

test('an empty plan is empty', () => {
  expect(planLines(read({}))).toEqual([]);
});

test('what the catalogue does not know is neither stateful nor in a wave', () => {
  const plan = read({ resource_changes: [change(['update'], service(), service({ args: ['--y'] }))] });
  // Docker's defaults, where a service says nothing: one task after the other, stop-first.
  expect(plan.totals).toMatchObject({ rolled: 1, seconds: 2 });
  expect(plan.services[0]).toMatchObject({ how: 'rolling, stop-first, one task fewer meanwhile' });
});

test('the gate watches tasks that are added, and no others: the time is theirs, too', () => {
  const healthcheck = [{ test: ['CMD', 'true'], interval: '5s', timeout: '3s' }];
  const seconds = (from: number, to: number) => {
    const [before, after] = [service({ healthcheck }, from), service({ healthcheck }, to)];
    const settings = { observeSeconds: { app: 30 } };
    const document = { resource_changes: [change(['update'], before, after)] };
    return readPlan(document, { settings, services: [], now: new Date(0) }).totals.seconds;
  };
  expect(seconds(2, 3)).toBe(38);
  expect(seconds(3, 2)).toBe(0);
});
